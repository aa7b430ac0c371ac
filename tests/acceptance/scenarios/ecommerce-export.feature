# The number of a document says to which sale it belongs: order 1, receipts 1, waybill 1 and list 1 agree.
System: Cross-border e-commerce, export

Background:
  Given the papers of ecommerce-export
  And the platform, xiangmai, sends the order
  And the payer, fuda, sends the receipts
  And the carrier, sutong, sends the waybill, the arrival and the departure
  And the declarant, xinghai, sends the list, the cancellation, the bill and the summary
  And customs, customs, sends the summary-result
  And everything means order, receipts, waybill and list

Scenario: the four documents in each of their 24 orders make one case and leave once
  When order, receipts, waybill and list come in every order
  Then 24 cases are open
  And customs gets 96 messages
  And customs gets 24 of CEB603
  And nobody has to look at anything

Scenario: a list that is released, and everybody hears it in a receipt of their own
  When everything of 1 comes
  And customs answers order 1 with 120
  And customs answers receipts 1 with 120
  And customs answers waybill 1 with 120
  And customs answers list 1 with 120
  Then case 1 is open
  When customs answers list 1 with 800
  Then case 1 is accepted
  And the declarant hears that 1 is accepted, code 800, saying "CEB604Message"
  And the platform hears 120 of 1, saying "CEB304Message"
  And the payer hears 120 of 1, saying "CEB404Message"
  And the carrier hears 120 of 1, saying "CEB506Message"

Scenario: after the release tax, foreign exchange and commerce are told what each needs
  When everything of 1 comes
  Then tax has nothing of case 1
  When customs answers list 1 with 800
  Then tax of case 1 is told
  And what tax gets tells "<Event>released", "6911101900" and "<Value>80.00"
  And what exchange gets tells "<Flow>E", "<Amount>89.00"
  And what exchange gets does not tell "6911101900"
  And what commerce gets tells "<Flow>E", "<TradeMode>9610"
  And what commerce gets does not tell "OrderNo"

Scenario: a late collection
  When order 1, waybill 1 and list 1 come
  And 25 hours pass
  Then the declarant hears that 1 is refused, code 100, saying "receipts"
  When receipts 1 comes
  Then case 1 is open

Scenario: order and waybill are late, and both are named
  When receipts 1 and list 1 come
  And 25 hours pass
  Then the declarant hears that 1 is refused, code 100, saying "order, waybill"

Scenario: the goods weigh more than they weigh with their box
  When everything of 1 comes with netWeight 9.00
  Then the declarant hears that 1 is refused, code -621001, saying "netWeight"
  And customs gets 0 messages

Scenario: a cent too little was collected
  When everything of 1 comes with charge 88.99
  Then the declarant hears that 1 is refused, code -621003, saying "charge"
  And customs gets 0 messages
  When receipts 1 comes
  Then case 1 is open

Scenario: dollars were sold and euros collected
  When order 1, waybill 1 and list 1 come
  And receipts 1 comes with currency 300
  Then the payer hears that 1 is refused, code -621003

Scenario: the parcel weighs more than the list says
  When everything of 1 comes with netWeight 1.10
  Then case 1 is open
  When order 2, receipts 2 and list 2 come
  And waybill 2 comes with grossWeight 1.51
  Then the declarant hears that 2 is refused, code -621003, saying "grossWeight"

Scenario: an order that does not add up is refused by itself
  When order 1 comes with goodsValue 81.00
  Then the platform hears -301008 of 1
  And there is no case 1

Scenario: bonded goods name their ledger and each item's record
  When everything of 1 comes with tradeMode 1210
  Then the declarant hears that 1 is refused, code -621001, saying "emsNo"
  When list 1 comes with tradeMode 1210, emsNo H49001234567, itemRecordNo R0001
  Then case 1 is open

Scenario: the same list twice
  When everything of 1 comes
  And list 1 comes with netWeight 1.10
  Then the message is refused with walk.case-exists
  And the declarant hears -621004 of 1
  And customs gets 4 messages

Scenario: somebody sends in the name of another
  When list 1 comes with agentCode 4301960A01
  Then the declarant hears -621015 of 1
  When order 1 comes from the payer
  Then the message is refused with walk.role-not-allowed

Scenario: a cancellation under the number that customs gave
  When everything of 1 comes
  And cancellation 1 comes
  Then the declarant hears -623003 of 1
  When customs answers list 1 with 120
  And cancellation 1 comes with reason 不卖了
  Then customs gets 1 of CEB605
  When customs answers cancellation 1 with 399
  Then case 1 is cancelled
  And the declarant hears 399 of 1, saying "CEB606Message"

Scenario: customs is silent for a day, then releases
  When everything of 1 comes
  And a day passes
  Then case 1 is overdue
  And somebody is to look at the deadline
  When customs answers list 1 with 800
  Then case 1 is accepted
  And nobody has to look at anything

Scenario: customs contradicts itself
  When everything of 1 comes
  And customs answers list 1 with 800
  And customs answers list 1 with -621004
  Then case 1 is accepted
  And somebody is to look at the contradiction

Scenario: a hundred lists in one message, three of them bad
  When order 1 to 100 come in one message
  And receipts 1 to 100 come in one message
  And waybill 1 to 100 come in one message
  And list 1 to 100 come in one message, with netWeight 9.00 in 7, 50 and 99
  Then 97 cases are open
  And 3 cases are refused

Scenario: parcels arrive, go under one bill and leave the country
  When arrival 1, bill 2 and departure 3 come
  Then customs gets 1 of CEB507
  And customs gets 1 of CEB607
  And customs gets 1 of CEB509
  When customs answers arrival 1 with 120
  And customs answers bill 2 with 120
  And customs answers departure 3 with 120
  Then 3 cases are accepted
  And the carrier hears 120 of 1, saying "CEB508Message"
  And the declarant hears 120 of 2, saying "CEB608Message"
  And the carrier hears 120 of 3, saying "CEB510Message"

Scenario: a parcel comes twice under one bill
  When bill 2 comes with logisticsNo[2] W21
  Then case 2 is refused
  And the declarant hears that 2 is refused, code -505011, saying "logisticsNo"
  And customs gets 0 messages

Scenario: released lists become one declaration, whose number customs tells
  When summary-result 4 comes
  Then the message is refused with walk.no-case
  When summary 4 comes
  And customs answers summary 4 with 120
  Then case 4 is accepted
  And the declarant hears 120 of 4, saying "CEB702Message"
  When summary-result 4 comes with decState 10
  Then the declarant is passed on 1 of CEB792
  And case 4 is accepted
