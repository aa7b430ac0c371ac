# The number of a document says to which purchase it belongs: order 1, payment 1, waybill 1 and list 1 agree.
System: Cross-border e-commerce, import

Background:
  Given the papers of ecommerce-import
  And the platform, xiangmai, sends the order
  And the payer, fuda, sends the payment
  And the carrier, sutong, sends the waybill and the parcel status
  And the declarant, xinghai, sends the list, the cancellation, the return and the stock-in
  And customs, customs, sends the tax-bill and the tax-status
  And everything means order, payment, waybill and list

Scenario: the four documents in each of their 24 orders make one case and leave once
  When order, payment, waybill and list come in every order
  Then 24 cases are open
  And customs gets 96 messages
  And customs gets 24 of CEB621
  And nobody has to look at anything

Scenario: a list that is released, and everybody hears it in a receipt of their own
  When everything of 1 comes
  Then customs gets 4 messages
  And tax has nothing of case 1
  When customs answers order 1 with 120
  And customs answers payment 1 with 120
  And customs answers waybill 1 with 120
  And customs answers list 1 with 120
  Then case 1 is open
  And customs of case 1 is received with 120
  And the declarant hears nothing of 1
  And 430102199003078516 has 120.00 reserved and 0.00 used of personal-yearly
  When customs answers list 1 with 800
  Then case 1 is accepted
  And customs of case 1 is accepted with 800
  And the declarant hears that 1 is accepted, code 800, saying "CEB622Message"
  And the platform hears 120 of 1, saying "CEB312Message"
  And the payer hears 120 of 1, saying "CEB412Message"
  And the carrier hears 120 of 1, saying "CEB512Message"
  And 430102199003078516 has 0.00 reserved and 120.00 used of personal-yearly
  And nobody has to look at anything

Scenario: after the release tax, foreign exchange and commerce are told, and nothing of the buyer
  When everything of 1 comes
  And customs answers list 1 with 800
  Then tax of case 1 is told
  And exchange of case 1 is told
  And commerce of case 1 is told
  And tax gets 1 messages
  And what tax gets tells 1901101000, 120.00 and C1
  And what exchange gets tells P1 and 136.83
  And what commerce gets tells 601 and 1901101000
  And what tax gets does not tell 李明, 430102199003078516, 13900000001 and 示例路
  And what exchange gets does not tell 李明, 430102199003078516 and 示例路
  And what commerce gets does not tell 李明, 430102199003078516, 示例路 and OrderNo

Scenario: the order alone waits
  When order 1 comes
  Then there is no case 1
  And customs gets 0 messages

Scenario: a late payment is told, and completes the case all the same
  When order 1, waybill 1 and list 1 come
  And 25 hours pass
  Then case 1 is refused
  And the declarant hears that 1 is refused, saying "payment"
  When payment 1 comes
  Then case 1 is open
  And customs gets 4 messages

Scenario: order and waybill are late, and both are named
  When payment 1 and list 1 come
  And 25 hours pass
  Then the declarant hears that 1 is refused, code 100, saying "order, waybill"
  And the payer hears that 1 is refused
  When order 1 comes
  And waybill 1 comes
  Then case 1 is open

Scenario: what was paid is a cent less than the order says
  When everything of 1 comes with amountPaid 136.82
  Then case 1 is refused
  And customs gets 0 messages
  And the declarant hears that 1 is refused, code -621003, saying "amountPaid"
  And the payer hears that 1 is refused
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly
  When payment 1 comes
  Then case 1 is open
  And customs gets 4 messages

Scenario: an order that does not add up is refused by itself
  When order 1 comes with acturalPaid 136.84
  Then the platform hears -301008 of 1
  And there is no case 1
  When everything of 1 comes
  Then case 1 is open

Scenario: a price that is not price times quantity is a fault of the list
  When everything of 1 comes with qty 3, goodsValue 180.00, freight -50.00
  Then case 1 is refused
  And customs gets 0 messages

Scenario: the goods weigh more than they weigh with their box
  When everything of 1 comes with netWeight 9.00
  Then the declarant hears that 1 is refused, code -621001, saying "netWeight"

Scenario: the buyer is not the payer
  When everything of 1 comes with payerIdNumber 430102199003078524
  Then the declarant hears that 1 is refused, code -621003
  And case 1 is refused

Scenario: somebody with the buyer's number but another name has paid
  When everything of 1 comes with payerName 王芳
  Then the declarant hears that 1 is refused, code -621003, saying "payerName"

Scenario: the waybill names another consignee than the order
  When order 1, payment 1 and list 1 come
  And waybill 1 comes with consignee 王芳
  Then the declarant hears that 1 is refused, code -621003, saying "consignee"
  And the carrier hears that 1 is refused
  When waybill 1 comes
  Then case 1 is open

Scenario: the waybill has another telephone of the consignee than the order
  When order 1, payment 1 and list 1 come
  And waybill 1 comes with consigneeTelephone 13900000009
  Then the declarant hears that 1 is refused, code -621003, saying "consigneeTelephone"

Scenario: the parcel goes to an address that the order does not have
  When order 1 and payment 1 come
  And waybill 1 comes with consigneeAddress 长沙市雨花区示例路2号
  And list 1 comes
  Then the declarant hears that 1 is refused, code -621003, saying "consigneeAddress"

Scenario: in yuan only
  When everything of 1 comes with currency 502
  Then the message is refused with xml.fixed
  And there is no case 1

Scenario: bonded goods name their ledger, their area and each item's record
  When everything of 1 comes with tradeMode 1210
  Then the declarant hears that 1 is refused, code -621001, saying "emsNo"
  And the declarant hears that 1 is refused, saying "itemRecordNo"
  When list 1 comes with tradeMode 1210, emsNo H49001234567, areaCode 4301W6K001, itemRecordNo R0001
  Then case 1 is open

Scenario: one purchase is more than five thousand
  When everything of 1 comes with qty 1, price 5000.01, totalPrice 5000.01, goodsValue 5000.01, acturalPaid 5016.84, amountPaid 5016.84
  Then the declarant hears that 1 is refused, code -621005
  And customs gets 0 messages

Scenario: the limit of a year is used up by two lists that come at the same moment
  When everything of 1 to 5 comes with qty 1, price 5000.00, totalPrice 5000.00, goodsValue 5000.00, acturalPaid 5016.83, amountPaid 5016.83
  Then 5 cases are open
  Given everything means order, payment and waybill
  When everything of 6 to 7 comes with qty 1, price 600.00, totalPrice 600.00, goodsValue 600.00, acturalPaid 616.83, amountPaid 616.83
  And list 6 and list 7 come at the same moment with qty 1, price 600.00, totalPrice 600.00
  Then 6 cases are open
  And 1 cases are refused
  And the declarant hears that 7 is refused, code -621018, saying "400.00"
  And 430102199003078516 has 25600.00 reserved and 0.00 used of personal-yearly

Scenario: the limit is another's next year
  When everything of 1 to 5 comes with qty 1, price 5000.00, totalPrice 5000.00, goodsValue 5000.00, acturalPaid 5016.83, amountPaid 5016.83
  And customs answers list 1 to 5 with 800
  And 40 days pass
  And everything of 6 comes with qty 1, price 5000.00, totalPrice 5000.00, goodsValue 5000.00, acturalPaid 5016.83, amountPaid 5016.83
  Then case 6 is open

Scenario: the same list twice
  When everything of 1 comes
  And list 1 comes with netWeight 1.70
  Then the message is refused with walk.case-exists
  And the declarant hears -621004 of 1
  And there are 1 cases
  And customs gets 4 messages

Scenario: somebody sends in the name of another
  When payment 1 comes with payCode 4301960X99
  Then the message is refused with walk.sender-not-named
  And the payer hears -10102 of 1
  When list 1 comes with agentCode 4301960A01
  Then the message is refused with walk.sender-not-named
  And the declarant hears -621015 of 1
  And there is no case 1

Scenario: a payment company sends an order
  When order 1 comes from the payer
  Then the message is refused with walk.role-not-allowed

Scenario: an order that the case has already
  When everything of 1 comes
  And order 1 comes with freight 11.00, acturalPaid 137.83
  Then the message is refused with walk.leg-exists
  And the platform hears -301010 of 1
  And case 1 is open

Scenario: customs does not want the order
  When everything of 1 comes
  And customs answers order 1 with -301010
  Then case 1 is refused
  And the platform hears -301010 of 1
  And the declarant hears that 1 is refused, code -301010

Scenario: customs is silent for a day
  When everything of 1 comes
  And a day passes
  Then case 1 is overdue
  And somebody is to look at the deadline
  And the declarant hears that 1 is overdue
  When customs answers list 1 with 800
  Then case 1 is accepted
  And nobody has to look at anything

Scenario: customs contradicts itself
  When everything of 1 comes
  And customs answers list 1 with 800
  And customs answers list 1 with 100
  Then case 1 is accepted
  And somebody is to look at the contradiction

Scenario: what customs refuses is given back
  When everything of 1 comes
  And customs answers list 1 with -621004
  Then case 1 is refused
  And the declarant hears that 1 is refused, code -621004
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly
  And tax has nothing of case 1

Scenario: goods are inspected, and released after all
  When everything of 1 comes
  And customs answers list 1 with 500
  Then case 1 is inspection
  And the declarant hears 500 of 1
  When customs answers list 1 with 800
  Then case 1 is accepted

Scenario: a list is amended when customs has answered
  When everything of 1 comes
  And customs answers list 1 with 800
  And list 1 comes with appType 2, netWeight 1.70
  Then case 1 is open
  And customs gets 8 messages
  When customs answers list 1 with 800
  Then case 1 is accepted
  And 430102199003078516 has 0.00 reserved and 120.00 used of personal-yearly

Scenario: an amendment that does not agree leaves what customs has, and a better one is taken
  When everything of 1 comes
  And customs answers list 1 with 800
  And list 1 comes with appType 2, buyerName 王芳
  Then case 1 is accepted
  And the declarant hears that 1 is refused, code -621003
  When list 1 comes with appType 2, netWeight 1.70
  Then case 1 is open
  And customs gets 8 messages

Scenario: a list that is taken back before customs has it
  When list 1 comes
  And list 1 comes with appType 3
  Then case 1 is cancelled
  And customs gets 0 messages

Scenario: a cancellation by its own document, under the number that customs gave
  When everything of 1 comes
  And cancellation 1 comes
  Then the message is refused with walk.no-case
  And the declarant hears -623003 of 1
  When customs answers list 1 with 800
  And cancellation 1 comes with reason 买家取消了
  Then customs gets 1 of CEB623
  And cancellation of case 1 is sent
  When customs answers cancellation 1 with 120
  And customs answers cancellation 1 with 399
  Then case 1 is cancelled
  And the declarant hears 399 of 1, saying "CEB624Message"
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly

Scenario: customs does not let a list be cancelled
  When everything of 1 comes
  And customs answers list 1 with 800
  And cancellation 1 comes
  And customs answers cancellation 1 with -623005
  Then case 1 is accepted
  And the declarant hears -623005 of 1, saying "CEB624Message"
  And 430102199003078516 has 0.00 reserved and 120.00 used of personal-yearly

Scenario: goods come back after the release, and the limit with them
  When everything of 1 comes
  And customs answers list 1 with 800
  And return 1 comes
  Then customs gets 1 of CEB625
  When customs answers return 1 with 399
  Then case 1 is accepted
  And the declarant hears 399 of 1, saying "CEB626Message"
  And tax of case 1 is told
  And tax-return of case 1 is told
  And what tax gets tells released and returned
  And what tax gets does not tell 李明 and 430102199003078516
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly

Scenario: one of two comes back, then the other, each with its part of the limit; a third was never bought
  When everything of 1 comes
  And customs answers list 1 with 800
  And return 1 comes with qty 1
  And customs answers return 1 with 399
  Then 430102199003078516 has 0.00 reserved and 60.00 used of personal-yearly
  When return 1 comes with qty 2 and copNo R2
  Then the declarant hears -625001 of 2, saying "2 (InvtRefund/InvtRefundList[1]/qty) is more than the 1 that are left of 2"
  And customs gets 1 of CEB625
  When return 1 comes with qty 1 and copNo R3
  And customs answers return 1 with 399 and copNo R3
  Then 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly
  When return 1 comes with qty 1 and copNo R4
  Then the declarant hears -625001 of 4, saying "is more than the 0 that are left of 2"
  And customs gets 2 of CEB625
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly
  And nobody has to look at anything

Scenario: goods come back that the list never had
  When everything of 1 comes
  And customs answers list 1 with 800
  And return 1 comes with gcode 3304990099
  Then the declarant hears -625209 of 1
  And customs gets 0 of CEB625

Scenario: a return before the release waits for it
  When everything of 1 comes
  And customs answers list 1 with 120
  And return 1 comes
  Then customs gets 0 of CEB625
  When customs answers list 1 with 800
  Then customs gets 1 of CEB625

Scenario: the parcel's status goes to customs, each once
  When parcel status 1 comes
  Then the carrier hears -505014 of 1
  When everything of 1 comes
  And parcel status 1 comes with logisticsStatus R
  And customs answers parcel-status 1 with 120 and logisticsStatus R
  Then the carrier hears 120 of 1, saying "CEB514Message"
  When parcel status 1 comes with logisticsStatus S
  Then customs gets 2 of CEB513

Scenario: the tax bill that customs starts reaches the declarant and the platform
  When everything of 1 comes
  And customs answers list 1 with 800
  And tax-bill 1 comes
  Then the message is accepted
  And the declarant is passed on 1 of CEB816
  And the platform is passed on 1 of CEB816
  And the payer is passed on 0 of CEB816
  When tax-status 1 comes
  Then the declarant is passed on 1 of CEB818
  And case 1 is accepted

Scenario: a tax bill for a list that nobody knows
  When tax-bill 9 comes
  Then the message is refused with walk.no-case

Scenario: nobody but customs sends tax bills
  When tax-bill 1 comes from the platform
  Then the message is refused with walk.role-not-allowed

Scenario: a list of a hundred with three bad ones
  Given everything means order, payment and waybill
  When order 1 to 100 come in one message
  And payment 1 to 100 come in one message
  And waybill 1 to 100 come in one message
  And list 1 to 100 come in one message, with netWeight 9.00 in 7, 50 and 99
  Then 97 cases are open
  And 3 cases are refused
  And customs gets 97 of CEB621
  And the declarant hears -621001 of 50
  And the declarant hears nothing of 51
  When list 50 comes
  Then case 50 is open

Scenario: parcels come into a supervised place
  When stock-in 5 comes
  Then customs gets 1 of CEB711
  When customs answers stock-in 5 with 120
  Then case 5 is accepted
  And the declarant hears 120 of 5, saying "CEB712Message"
  When stock-in 5 comes with billNo 999-00000005
  Then the message is refused with walk.case-exists
  When stock-in 6 comes with operatorCode 4301960X99
  Then the message is refused with walk.sender-not-named
  And the declarant hears -10102 of 6
