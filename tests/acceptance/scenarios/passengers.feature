# List 1: Lindqvist (passport 93485721), Okafor (A04417290) and one of the crew. border: AP, CA, RE; others 800, 500, 100.
System: Passengers

Background:
  Given the papers of passengers
  And the carrier, oceanair, sends the list

Scenario: everybody is cleared
  When list 1 comes
  And border answers list-from-border 1 with AP
  And customs answers list-from-customs 1 with 800
  Then the carrier hears nothing of 1
  When quarantine answers list-from-quarantine 1 with 800
  Then case 1 is accepted
  And the carrier hears that 1 is accepted
  And nobody has to look at anything

Scenario: somebody on a watch list, and nothing leaks
  When list 1 comes
  And border answers watch 1 with RE
  And customs answers list-from-customs 1 with 800
  And quarantine answers list-from-quarantine 1 with 800
  Then case 1 is refused
  And the carrier hears that 1 is refused, saying "A04417290"
  And what the carrier hears does not tell "HERON" and "SUSPECT" and "B101" and "布控" and "watch list"
  And what customs gets does not tell "HERON" and "B101"
  And what quarantine gets does not tell "HERON" and "B101"
  And the ledger does not tell "HERON" and "B101"

Scenario: a reason of the border that its list may tell
  When list 1 comes
  And border answers watch 1 with RE and "B101" as "P101"
  And customs answers list-from-customs 1 with 800
  And quarantine answers list-from-quarantine 1 with 800
  Then the carrier hears that 1 is refused, saying "P101"
  And what the carrier hears does not tell "HERON"

Scenario: a code that nobody has heard of is not told either
  When list 1 comes
  And border answers watch 1 with RE and "B101" as "X999"
  And customs answers list-from-customs 1 with 800
  And quarantine answers list-from-quarantine 1 with 800
  Then the carrier hears that 1 is refused, saying "A04417290"
  And what the carrier hears does not tell "HERON" and "X999"

Scenario: each agency gets its fields and no others
  When list 1 comes
  Then what customs gets tells LINDQVIST and 93485721 and PieceQuantity
  And what customs gets does not tell "5550100" and "OAX7QK" and "OPS@"
  And what quarantine gets tells LINDQVIST and 93485721
  And what quarantine gets does not tell "5550100" and "OAX7QK" and "310415" and "2031"
  And what border gets tells OAX7QK

Scenario: an amendment reaches all three
  When list 1 comes
  And border answers list-from-border 1 with AP
  And list 1 comes with "+9'" as "+5'", "LINDQVIST" as "LINDQUIST"
  Then case 1 is open
  And border of case 1 is sent
  And border gets 2 messages
  And customs gets 2 messages
  And quarantine gets 2 messages
  And what border gets tells LINDQUIST and "OA0886-1+5"
  And what customs gets tells LINDQUIST and <FunctionCode>5</FunctionCode>
  And what quarantine gets tells LINDQUIST

Scenario: a flight that is cancelled
  When list 1 comes
  And list 1 comes with "+9'" as "+1'"
  Then what customs gets tells <FunctionCode>3</FunctionCode>
  When border answers list-from-border 1 with AP
  And customs answers list-from-customs 1 with 800
  And quarantine answers list-from-quarantine 1 with 800
  Then case 1 is cancelled
  And the carrier hears that 1 is cancelled

Scenario: a second original under the same number
  When list 1 comes
  And list 1 comes with "LINDQVIST" as "LINDQUIST"
  Then the message is refused with walk.case-exists
  And border gets 1 messages

Scenario: totals that differ
  When list 1 comes with "CNT+42:3" as "CNT+42:4"
  Then case 1 is refused
  And border gets 0 messages
  And the carrier hears that 1 is refused, code P105

Scenario: a travel document that has expired
  When list 1 comes with "DTM+36:281201" as "DTM+36:251201"
  Then case 1 is refused
  And border gets 0 messages
  And the carrier hears that 1 is refused, code P101
  When list 1 comes
  Then case 1 is open

Scenario: a nationality that no list has
  When list 1 comes with "NAT+2+NGA" as "NAT+2+XQX"
  Then case 1 is refused
  And the carrier hears that 1 is refused, code P103, saying "XQX"

Scenario: baggage to be inspected, the others cleared
  When list 1 comes
  And border answers list-from-border 1 with AP
  And quarantine answers list-from-quarantine 1 with 800
  And customs answers list-from-customs 1 with 500
  Then case 1 is inspection
  And the carrier hears that 1 is inspection, saying "93485721"
  When customs answers list-from-customs 1 with 800
  Then case 1 is accepted

Scenario: the border is silent past its deadline
  When list 1 comes
  And customs answers list-from-customs 1 with 800
  And quarantine answers list-from-quarantine 1 with 800
  And 31 minutes pass
  Then case 1 is overdue
  And somebody is to look at the deadline
  And the carrier hears that 1 is overdue

Scenario: quarantine contradicts itself
  When list 1 comes
  And quarantine answers list-from-quarantine 1 with 800
  And quarantine answers list-from-quarantine 1 with 100
  Then quarantine of case 1 is accepted
  And somebody is to look at the contradiction
