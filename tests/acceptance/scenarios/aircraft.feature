# Flight 1, cargo 1 and people 1 are of the same aircraft: two passengers, one of the crew, two air waybills.
System: Aircraft

Background:
  Given the papers of aircraft
  And the carrier, oceanair, sends the flight, the cargo and the people
  And everything means flight, cargo and people

Scenario: three messages in each of their six orders make one case and leave once
  When flight, cargo and people come in every order
  Then 6 cases are open
  And border gets 12 messages
  And customs gets 18 messages
  And quarantine gets 12 messages

Scenario: a flight that everybody clears
  When everything of 1 comes
  And customs answers flight 1 with 800
  And border answers flight 1 with 800
  Then the carrier hears nothing of 1
  When quarantine answers flight 1 with 800
  Then case 1 is accepted
  And the carrier hears that 1 is accepted
  And nobody has to look at anything

Scenario: the flight alone waits, and its cargo comes late
  When flight 1 and people 1 come
  Then case 1 is waiting
  And customs gets 0 messages
  When 13 hours pass
  Then case 1 is refused
  And the carrier hears that 1 is refused, code F100, saying "cargo"

Scenario: fewer passengers than the list names
  When everything of 1 comes with "QTY+114:2" as "QTY+114:1"
  Then case 1 is refused
  And customs gets 0 messages
  And the carrier hears that 1 is refused, code F103
  When flight 1 comes
  Then case 1 is open

Scenario: more air waybills than the cargo report names
  When everything of 1 comes with "EQN+2" as "EQN+3"
  Then case 1 is refused
  And the carrier hears that 1 is refused, code F104

Scenario: an air waybill with a wrong check digit
  When flight 1 and people 1 come
  And cargo 1 comes with "784-12345675" as "784-12345674"
  Then case 1 is refused
  And customs gets 0 messages
  And the carrier hears that 1 is refused, code F105, saying "784-12345674"
  When cargo 1 comes
  Then case 1 is open

Scenario: an air waybill that comes twice
  When flight 1 and people 1 come
  And cargo 1 comes with "784-76543213" as "784-12345675"
  Then case 1 is refused
  And the carrier hears that 1 is refused, code F105

Scenario: an arrival in a month
  When everything of 1 comes with "DTM+132:@DAY+1@" as "DTM+132:@DAY+30@"
  Then case 1 is refused
  And the carrier hears that 1 is refused, code F102

Scenario: another aircraft than the list names
  When flight 1 and cargo 1 come
  And people 1 comes with "B-30CX" as "B-30CY"
  Then case 1 is waiting
  And border gets 0 messages
  When people 1 comes
  Then case 1 is open

Scenario: the arrival is confirmed, and reaches all three
  When everything of 1 comes
  And customs answers flight 1 with 800
  And flight 1 comes with "+9'" as "+5'", "QTY+114" as "DTM+178:@DAY-1@1452:203'QTY+114"
  Then the message is accepted
  And the carrier hears nothing of 1
  And border gets 4 messages
  And customs gets 6 messages
  And quarantine gets 4 messages
  And what customs gets tells ConfirmedArrivalDateTime and <FunctionCode>5</FunctionCode>
  And what quarantine gets tells ConfirmedArrivalDateTime

Scenario: an amended list of persons while one agency has answered
  When everything of 1 comes
  And customs answers flight 1 with 800
  And people 1 comes with "+9'" as "+5'", "LINDQVIST" as "LINDQUIST"
  Then customs of case 1 is sent
  And what border gets tells LINDQUIST
  And what customs gets tells LINDQUIST
  And what quarantine gets tells LINDQUIST

Scenario: a flight that is cancelled
  When everything of 1 comes
  And flight 1 comes with "+9'" as "+1'"
  Then what customs gets tells <FunctionCode>3</FunctionCode>
  When customs answers flight 1 with 120
  And border answers flight 1 with 120
  And quarantine answers flight 1 with 120
  Then case 1 is cancelled

Scenario: somebody on a watch list, and nothing leaks
  When everything of 1 comes
  And border answers watch 1 with 100
  And customs answers flight 1 with 800
  And quarantine answers flight 1 with 800
  Then case 1 is refused
  And the carrier hears that 1 is refused, saying "A04417290"
  And what the carrier hears does not tell "HERON" and "B101" and "嫌疑"
  And the ledger does not tell "HERON" and "B101"

Scenario: each agency gets its fields and no others
  When everything of 1 comes
  Then what quarantine gets does not tell "784-12345675" and "DURIAN" and "MERLION"
  And what border gets does not tell "784-12345675" and "DURIAN"
  And what customs gets tells DURIAN and LINDQVIST
  And what customs gets does not tell "OAX7QK"

Scenario: a cargo report by road is a manifest, not this
  When flight 1 and people 1 come
  And cargo 1 comes with "+4++OA" as "+3++OA"
  Then 1 cases are waiting
  And there are 2 cases
  And customs gets 1 of MT1401

Scenario: customs is silent past its deadline
  When everything of 1 comes
  And border answers flight 1 with 800
  And quarantine answers flight 1 with 800
  And 61 minutes pass
  Then case 1 is overdue
  And somebody is to look at the deadline

Scenario: border inspection contradicts itself
  When everything of 1 comes
  And border answers flight 1 with 800
  And border answers flight 1 with 100
  Then border of case 1 is accepted
  And somebody is to look at the contradiction
