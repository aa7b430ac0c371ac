# The number says which papers belong together: pass 1, sales 1 and return 1 name the number that customs gives list 1. List 1 takes two
# cars (item 1 of the ledger) and 100 bottles (item 2) out of the area for display, under a guarantee for 150,000.
System: Bonded display and sale

Background:
  Given the papers of bonded
  And the company, xiangbao, sends the list, the pass, the return and the sales
  And customs, customs, sends the gate
  And li grants 10 to T4900W000001/1 in bonded-stock
  And li grants 500 to T4900W000001/2 in bonded-stock
  And li grants 200000.00 to BANKHN/G-2026-1 in guarantee
  And the guarantee BANKHN/G-2026-1 of xiangbao is on file from day 0 to day 365

Scenario: goods leave for display, are sold, and the guarantee is given back by two persons
  When list 1 comes
  Then case 1 is open
  And T4900W000001/1 has 2.00000 reserved and 0.00000 used of bonded-stock
  And BANKHN/G-2026-1 has 150000.00 reserved and 0.00 used of guarantee
  When customs answers list 1 with Y
  Then the company hears nothing of 1
  When customs answers list 1 with 1
  Then case 1 is accepted
  And the company hears that 1 is accepted, code 1, saying "QD490026E000000001"
  And the company hears that 1 is accepted, saying "<vrfdedMarkcd>1</vrfdedMarkcd>"
  And T4900W000001/1 has 2.00000 reserved and 0.00000 used of bonded-stock
  When pass 1 comes
  And customs answers pass 1 with 1
  Then gate of case 1 is received
  When customs answers gate 1 with 3
  Then gate of case 1 is received
  When customs answers gate 1 with 4
  Then gate of case 1 is accepted with 1
  And T4900W000001/1 has 0.00000 reserved and 2.00000 used of bonded-stock
  And T4900W000001/2 has 0.00000 reserved and 100.00000 used of bonded-stock
  And BANKHN/G-2026-1 has 0.00 reserved and 150000.00 used of guarantee
  And 4301960E05/L1/2 has 100.00000 available of bonded-display
  When sales 1 comes
  Then 4301960E05/L1/2 has 60.00000 reserved and 0.00000 used of bonded-display
  When customs answers sales 1 with 800
  Then 4301960E05/L1/2 has 0.00000 reserved and 60.00000 used of bonded-display
  And BANKHN/G-2026-1 has 0.00 reserved and 150000.00 used of guarantee
  When li approves settled of case 1
  Then BANKHN/G-2026-1 has 0.00 reserved and 150000.00 used of guarantee
  And li cannot approve settled of case 1, because twice
  And wu cannot approve settled of case 1, because role
  When han approves settled of case 1
  Then BANKHN/G-2026-1 has 0.00 reserved and 0.00 used of guarantee
  And BANKHN/G-2026-1 has 200000.00 available of guarantee
  And nobody has to look at anything

Scenario: the ledger's mark follows: 0, 1, 2, 3
  When list 1 comes with "300000</dclUprcAmt>" as "300000.5</dclUprcAmt>"
  Then the company hears that 1 is refused, saying "<vrfdedMarkcd>0</vrfdedMarkcd>"
  When list 1 comes
  And customs answers list 1 with 1
  Then the company hears that 1 is accepted, saying "<vrfdedMarkcd>1</vrfdedMarkcd>"
  When pass 1 comes
  And customs answers gate 1 with 2
  Then what the company hears tells "<vrfdedMarkcd>2</vrfdedMarkcd>"
  When sales 1 comes
  And customs answers sales 1 with 800
  Then what the company hears tells "<vrfdedMarkcd>3</vrfdedMarkcd>"

Scenario: customs refuses, and everything rolls back
  When list 1 comes
  And customs answers list 1 with 3
  Then case 1 is refused
  And the company hears that 1 is refused, code 3
  And T4900W000001/1 has 0.00000 reserved and 0.00000 used of bonded-stock
  And BANKHN/G-2026-1 has 0.00 reserved and 0.00 used of guarantee
  When list 1 comes with dclQty[2] 50, dclTotalAmt[2] 4000
  Then case 1 is open
  And T4900W000001/2 has 50.00000 reserved and 0.00000 used of bonded-stock

Scenario: a guarantee is exhausted by two lists that come at the same moment
  When list 1 and list 2 come at the same moment
  Then 1 cases are open
  And 1 cases are refused
  And BANKHN/G-2026-1 has 150000.00 reserved and 0.00 used of guarantee
  And T4900W000001/1 has 2.00000 reserved and 0.00000 used of bonded-stock
  And the company hears that 2 is refused, code Z, saying "50000.00 CNY available"

Scenario: a guarantee that has expired
  Given the guarantee BANKHN/G-2026-1 of xiangbao is revoked
  And the guarantee BANKHN/G-OLD of xiangbao is on file from day -365 to day -1
  And li grants 200000.00 to BANKHN/G-OLD in guarantee
  When list 1 comes with guaranteeNo G-OLD
  Then case 1 is refused
  And the company hears that 1 is refused, code Z, saying "guarantee"
  And BANKHN/G-OLD has 0.00 reserved and 0.00 used of guarantee
  And customs gets 0 messages

Scenario: stock never goes below zero
  When list 1 comes with dclQty[1] 11, dclTotalAmt[1] 3300000
  Then case 1 is refused
  And the company hears that 1 is refused, code Z, saying "10.00000 declared unit available"
  And T4900W000001/2 has 0.00000 reserved and 0.00000 used of bonded-stock
  And customs gets 0 messages

Scenario: the same list twice
  When list 1 comes
  And list 1 comes with gdsNm[1] 小汽车
  Then the message is refused with walk.case-exists
  And there are 1 cases
  And customs gets 1 messages
  And T4900W000001/1 has 2.00000 reserved and 0.00000 used of bonded-stock

Scenario: the gate before the receipt
  When list 1 comes
  And pass 1 comes
  Then the message is refused with walk.no-case
  And customs gets 1 messages
  When customs answers list 1 with 1
  And pass 1 comes with vehicleWt 8100
  Then customs gets 2 messages

Scenario: a pass for a list that customs refused afterwards goes nowhere
  When list 1 comes
  And customs answers list 1 with 1
  And list 1 comes with dclTypecd 2, dclQty[2] 50, dclTotalAmt[2] 4000
  And customs answers list 1 with 3
  Then case 1 is refused
  When pass 1 comes
  Then the message is refused with walk.no-case
  And customs gets 2 messages

Scenario: the gate turns the vehicle back, and another one goes
  When list 1 comes
  And customs answers list 1 with 1
  And pass 1 comes
  And customs answers pass 1 with 3
  Then gate of case 1 is refused with 3
  And what the company hears tells "<manageResult>3</manageResult>"
  And T4900W000001/1 has 2.00000 reserved and 0.00000 used of bonded-stock
  When pass 1 comes with vehicleNo 湘A00002
  And customs answers gate 1 with 2
  Then gate of case 1 is accepted with 1
  And T4900W000001/1 has 0.00000 reserved and 2.00000 used of bonded-stock

Scenario: a pass that goes the other way
  When list 1 comes
  And customs answers list 1 with 1
  And pass 1 comes with ioTypecd I
  Then gate has nothing of case 1
  And the company hears that 1 is refused, code Z, saying "ioTypecd"

Scenario: what was not sold comes back after the write-off
  When list 1 comes
  And customs answers list 1 with 1
  And pass 1 comes
  And customs answers gate 1 with 2
  And return 1 comes
  Then return of case 1 is sent
  And 4301960E05/L1/2 has 40.00000 reserved and 0.00000 used of bonded-display
  When customs answers return 1 with 1
  Then return of case 1 is accepted with 1
  And 4301960E05/L1/2 has 60.00000 available of bonded-display
  And T4900W000001/2 has 440.00000 available of bonded-stock
  And T4900W000001/1 has 9.00000 available of bonded-stock
  When li approves back of case 1
  And han approves back of case 1
  Then BANKHN/G-2026-1 has 200000.00 available of guarantee

Scenario: no more comes back than went out
  When list 1 comes
  And customs answers list 1 with 1
  And pass 1 comes
  And customs answers gate 1 with 2
  And return 1 comes with dclQty[2] 101, dclTotalAmt[2] 8080
  Then return has nothing of case 1
  And the company hears that 1 is refused, code Z, saying "100.00000 declared unit available"
  And 4301960E05/L1/1 has 0.00000 reserved and 0.00000 used of bonded-display

Scenario: goods that are not out cannot be sold
  When list 1 comes
  And customs answers list 1 with 1
  And sales 1 comes
  Then sales has nothing of case 1
  And 4301960E05/L1/1 has 0.00000 reserved and 0.00000 used of bonded-display

Scenario: sold, and not settled: the guarantee is called in
  When list 1 comes
  And customs answers list 1 with 1
  And pass 1 comes
  And customs answers gate 1 with 2
  And sales 1 comes
  And customs answers sales 1 with 100
  Then 4301960E05/L1/2 has 100.00000 available of bonded-display
  And nobody is asked about settled of case 1
  When li approves unpaid of case 1
  And han approves unpaid of case 1
  Then BANKHN/G-2026-1 has 0.00 reserved and 0.00 used of guarantee
  And BANKHN/G-2026-1 has 50000.00 available of guarantee

Scenario: the write-off modes: nothing, only looked at, added back
  When list 1 comes with vrfdedModecd N, dclQty[1] 99, dclTotalAmt[1] 29700000
  Then case 1 is open
  And T4900W000001/1 has 0.00000 reserved and 0.00000 used of bonded-stock
  When list 2 comes with vrfdedModecd NF, levyBlAmt 1.00
  Then T4900W000001/1 has 2.00000 reserved and 0.00000 used of bonded-stock
  When customs answers list 2 with 1
  Then T4900W000001/1 has 0.00000 reserved and 0.00000 used of bonded-stock
  And T4900W000001/1 has 10.00000 available of bonded-stock
  When list 3 comes with vrfdedModecd NF, levyBlAmt 1.00, dclQty[1] 11, dclTotalAmt[1] 3300000
  Then case 3 is refused
  When list 4 comes with vrfdedModecd F, impexpMarkcd I, levyBlAmt 1.00
  And customs answers list 4 with 1
  And pass 4 comes with ioTypecd I
  And customs answers gate 4 with 2
  Then T4900W000001/1 has 12.00000 available of bonded-stock
  When list 5 comes with vrfdedModecd E, levyBlAmt 1.00
  Then T4900W000001/1 has 10.00000 available of bonded-stock

Scenario: within the area there is no gate
  When list 1 comes with bondInvtTypecd 6
  And customs answers list 1 with 1
  Then T4900W000001/1 has 0.00000 reserved and 2.00000 used of bonded-stock
  And the company hears that 1 is accepted, saying "<vrfdedMarkcd>2</vrfdedMarkcd>"

Scenario: a list is deleted before the goods leave
  When list 1 comes
  And customs answers list 1 with 1
  And list 1 comes with dclTypecd 3
  And customs answers list 1 with 1
  Then case 1 is cancelled
  And T4900W000001/1 has 0.00000 reserved and 0.00000 used of bonded-stock
  And BANKHN/G-2026-1 has 0.00 reserved and 0.00 used of guarantee

Scenario: for display a guarantee is needed
  When list 1 comes with guaranteeNo "", levyBlAmt ""
  Then case 1 is refused
  And the company hears that 1 is refused, code Z, saying "guaranteeNo"

Scenario: a guarantee that ends soon is on the work list before it does, once
  When a day passes
  Then nobody has to look at anything
  When 335 days pass
  Then somebody is to look at the expiry, for "guarantee BANKHN/G-2026-1 of xiangbao ends on"
  And 1 items are on the work list
  When a day passes
  Then 1 items are on the work list
  When list 1 comes
  Then case 1 is open
  When 30 days pass
  And list 2 comes with levyBlAmt 1.00
  Then case 2 is refused

Scenario: the stock report: no more than the ledger has
  Given the company, xiangbao, sends the stock
  When stock 1 comes
  Then case 1 is open
  When customs answers stock 1 with 800
  Then case 1 is accepted
  And T4900W000001/1 has 10.00000 available of bonded-stock
  When stock 2 comes with QTY+17:8 QTY+17:11
  Then case 2 is refused
  And what the company hears tells "10.00000 declared unit available"
