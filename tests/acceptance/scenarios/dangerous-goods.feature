# Notification 1: UN 1203 in CSQU3054383 and UN 3480 in MSKU6011672. 120 and 800 accept, 100 refuses.
System: Dangerous goods

Background:
  Given the papers of dangerous-goods
  And the agent, xiangjiang, sends the notification
  And the yard, port, sends the gate

Scenario: fit for carriage, released, and let in
  When notification 1 comes
  Then maritime gets 1 messages
  And customs gets 1 messages
  And quarantine gets 1 messages
  And the yard gets 0 messages
  When customs answers notification 1 with 800
  And quarantine answers notification 1 with 800
  Then yard has nothing of case 1
  And the agent hears nothing of 1
  When maritime answers notification 1 with 120
  Then the yard gets 1 messages
  And what the yard gets tells PERMIT and CSQU3054383 and MSKU6011672
  When the yard answers notification 1 with 120
  Then case 1 is accepted
  And the agent hears that 1 is accepted
  And nobody has to look at anything

Scenario: UN 1203 beside UN 3480 in one container
  When notification 1 comes with "SGP+MSKU6011672" as "SGP+CSQU3054383"
  Then case 1 is open
  And maritime gets 1 messages

Scenario: petrol beside hydrogen peroxide in one container
  When notification 1 comes with "SGP+MSKU6011672" as "SGP+CSQU3054383", "DGS+IMD+9+3480'" as "DGS+IMD+5.1+2014++2+++++8'"
  Then case 1 is refused
  And maritime gets 0 messages
  And the yard gets 0 messages
  And the agent hears that 1 is refused, code D102, saying "2014"

Scenario: the same two in two containers
  When notification 1 comes with "DGS+IMD+9+3480'" as "DGS+IMD+5.1+2014++2+++++8'"
  Then case 1 is open

Scenario: a subsidiary risk that is not told
  When notification 1 comes with "DGS+IMD+9+3480'" as "DGS+IMD+5.1+2014++2'"
  Then case 1 is refused
  And the agent hears that 1 is refused, code D101, saying "2014"

Scenario: an unknown UN number, and its correction
  When notification 1 comes with "+1203+" as "+9999+"
  Then case 1 is refused
  And the agent hears that 1 is refused, code D101, saying "9999"
  When notification 1 comes
  Then case 1 is open
  And maritime gets 1 messages

Scenario: a wrong packing group
  When notification 1 comes with "CEL+2+" as "CEL+3+"
  Then case 1 is refused
  And the agent hears that 1 is refused, code D101, saying "packing"

Scenario: nobody can be called in an emergency
  When notification 1 comes with "CTA+HE+" as "CTA+IC+"
  Then case 1 is refused
  And the agent hears that 1 is refused, code D104

Scenario: a container number with a wrong check digit
  When notification 1 comes with "SGP+MSKU6011672" as "SGP+MSKU6011673"
  Then case 1 is refused
  And the agent hears that 1 is refused, code D103, saying "MSKU6011673"

Scenario: goods that weigh more without their packages
  When notification 1 comes with "AAC+KGM:5900" as "AAC+KGM:6500"
  Then case 1 is refused
  And the agent hears that 1 is refused, code D105

Scenario: a container at the gate before it is fit for carriage
  When notification 1 comes
  And gate 1 comes
  Then the message is refused with walk.leg-too-early
  When maritime answers notification 1 with 120
  And gate 1 comes
  Then the message is accepted

Scenario: maritime safety refuses, and the yard never hears of it
  When notification 1 comes
  And customs answers notification 1 with 800
  And quarantine answers notification 1 with 800
  And maritime answers notification 1 with 100 and ReasonCode D202
  Then case 1 is refused
  And the yard gets 0 messages
  And the agent hears that 1 is refused, code D202

Scenario: an approval that is taken back stops the yard
  When notification 1 comes
  And customs answers notification 1 with 800
  And quarantine answers notification 1 with 800
  And maritime answers notification 1 with 120
  And the yard answers notification 1 with 120
  Then the agent hears that 1 is accepted
  When a minute passes
  And maritime answers notification 1 with 100 and ReasonCode D203
  Then what the yard gets tells STOP
  And yard-stop of case 1 is sent
  When gate 1 comes
  Then the message is refused with walk.leg-too-early
  When the yard answers notification 1 with 120
  Then the agent hears that 1 is refused, code D203

Scenario: the yard does not confirm the stop
  When notification 1 comes
  And maritime answers notification 1 with 120
  And maritime answers notification 1 with 100 and ReasonCode D203
  And 11 minutes pass
  Then somebody is to look at the deadline

Scenario: an amendment while one agency has answered
  When notification 1 comes
  And customs answers notification 1 with 800
  And notification 1 comes with "+9'" as "+5'"
  Then case 1 is open
  And customs of case 1 is sent
  And maritime gets 2 messages
  And customs gets 2 messages
  And quarantine gets 2 messages
  And what customs gets tells <FunctionCode>5</FunctionCode>

Scenario: the agent takes it back before anything is let in
  When notification 1 comes
  And notification 1 comes with "+9'" as "+1'"
  Then what maritime gets tells <FunctionCode>3</FunctionCode>
  When maritime answers notification 1 with 120
  And customs answers notification 1 with 120
  And quarantine answers notification 1 with 120
  Then case 1 is cancelled
  And the yard gets 0 messages

Scenario: customs contradicts itself
  When notification 1 comes
  And customs answers notification 1 with 800
  And customs answers notification 1 with 100
  Then customs of case 1 is accepted
  And somebody is to look at the contradiction

Scenario: maritime safety is silent past its deadline
  When notification 1 comes
  And customs answers notification 1 with 800
  And quarantine answers notification 1 with 800
  And 3 hours pass
  Then case 1 is overdue
  And somebody is to look at the deadline
  And the yard gets 0 messages
  When maritime answers notification 1 with 120
  Then the yard gets 1 messages

Scenario: each agency gets its fields and no others
  When notification 1 comes
  Then what customs gets tells "CHANGSHA ENERGY TRADING"
  And what customs gets does not tell "5550177" and "DUTY DESK" and "F-E,S-E"
  And what quarantine gets does not tell "CHANGSHA ENERGY TRADING" and "DUTY DESK" and "9074729"
  And what maritime gets tells "DUTY DESK" and "F-E,S-E"
  And what maritime gets does not tell "CHANGSHA ENERGY TRADING"
