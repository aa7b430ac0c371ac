# The number of a document says to which purchase it belongs: order 1, payment 1, waybill 1 and list 1 agree.
System: Cross-border e-commerce, import

Background:
  Given the papers of ecommerce-import
  And the platform, xiangmai, sends the order
  And the payer, fuda, sends the payment
  And the carrier, sutong, sends the waybill and the parcel status
  And the declarant, xinghai, sends the list, the cancellation and the return
  And customs, customs, sends the tax-bill and the tax-status
  And everything means order, payment, waybill and list

Scenario: the four documents in each of their 24 orders make one case and leave once
  When order, payment, waybill and list come in every order
  Then 24 cases are open
  And customs gets 96 messages
  And customs gets 24 of CEB621
  And nobody has to look at anything

Scenario: a list that is released
  When everything of 1 comes
  Then customs gets 4 messages
  When customs answers list 1 with 120
  Then case 1 is open
  And the declarant hears nothing of 1
  And 430102199003078516 has 120.00 reserved and 0.00 used of personal-yearly
  When customs answers list 1 with 800
  Then case 1 is accepted
  And customs of case 1 is accepted with 800
  And the declarant hears that 1 is accepted, code 800
  And 430102199003078516 has 0.00 reserved and 120.00 used of personal-yearly

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

Scenario: what was paid is a cent less than the order says
  When everything of 1 comes with amountPaid 136.82
  Then case 1 is refused
  And customs gets 0 messages
  And the declarant hears that 1 is refused, saying "amountPaid"
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly
  When payment 1 comes
  Then case 1 is open
  And customs gets 4 messages

Scenario: the same list twice
  When everything of 1 comes
  And list 1 comes with netWeight 1.70
  Then the message is refused with walk.case-exists
  And there are 1 cases
  And customs gets 4 messages

Scenario: a list that somebody else sends
  When order 1, payment 1 and waybill 1 come
  And payment 2 comes with payCode 4301960X99
  Then the message is refused with walk.sender-not-named

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

Scenario: the limit of a year is used up by two lists that come at the same moment
  Given everything means order, payment and waybill
  When everything of 1 to 2 comes with goodsValue 14000.00, acturalPaid 14016.83, amountPaid 14016.83
  And list 1 and list 2 come at the same moment
  Then 1 cases are open
  And 1 cases are refused
  And 430102199003078516 has 14000.00 reserved and 0.00 used of personal-yearly

Scenario: what customs refuses is given back
  When everything of 1 comes
  And customs answers list 1 with -621004
  Then case 1 is refused
  And the declarant hears that 1 is refused, code -621004
  And 430102199003078516 has 0.00 reserved and 0.00 used of personal-yearly

Scenario: a list is amended when customs has answered
  When everything of 1 comes
  And customs answers list 1 with 800
  And list 1 comes with appType 2, netWeight 1.70
  Then case 1 is open
  And customs gets 8 messages
  When customs answers list 1 with 800
  Then case 1 is accepted
