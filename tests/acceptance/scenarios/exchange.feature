# The mall (xiangmai) sends envelopes; the payer (fuda), the carrier (sutong) and the company (xiangbao) have mailboxes. Each receiver of an
# envelope is a case of its own: its reference ends with the receiver's address.
System: Base platform, exchange

Background:
  Given the papers of exchange
  And the mall, xiangmai, sends the envelope and the notice
  And the company, xiangbao, sends the parties and the numbered
  And the payer is played by fuda
  And the carrier is played by sutong
  And the broker is played by xinghai
  And the airline is played by oceanair

Scenario: an envelope reaches whom it names, signed by the hub, and its sender hears it
  When envelope 1 comes
  Then 1 cases are accepted
  And the payer gets 1 messages
  And what the payer gets tells "<CopMsgId>M1</CopMsgId>"
  And what the payer gets tells "5L2g5aW9"
  And what the payer gets tells "SignatureValue"
  And the carrier gets 0 messages
  And what the mall hears tells "<ResponseCode>0000</ResponseCode>"
  And what the mall hears tells "<CopMsgId>M1</CopMsgId>"
  And nobody has to look at anything

Scenario: a notice to three, each of whom is told only of itself
  When notice 1 comes
  Then 3 cases are accepted
  And the payer gets 1 messages
  And the carrier gets 1 messages
  And the company gets 1 messages
  And what the payer gets tells "DXPENT0000000002"
  And what the payer gets does not tell "DXPENT0000000003"

Scenario: the same envelope twice, byte for byte
  When envelope 1 comes
  And envelope 1 comes
  Then the message is duplicate with walk.duplicate
  And the payer gets 1 messages

Scenario: the same number for another content
  When envelope 1 comes
  And envelope 1 comes with Data 5YaN6KeB
  Then the message is refused with walk.case-exists
  And the payer gets 1 messages
  And what the mall hears tells "<ResponseCode>2999</ResponseCode>"

Scenario: the same number from another sender is another envelope
  When envelope 1 comes
  And envelope 1 comes from the payer with SenderId DXPENT0000000002, ReceiverId DXPENT0000000003
  Then 2 cases are accepted

Scenario: nobody is called so
  When envelope 1 comes with ReceiverId DXPENT0000009999
  Then the message is refused with walk.receiver-unknown
  And what the mall hears tells "<ResponseCode>2001</ResponseCode>"
  And there are 0 cases

Scenario: one of three is unknown, and the others get it
  When notice 1 comes with ReceiverId[2] DXPENT0000009999
  Then 2 cases are accepted
  And the payer gets 1 messages
  And the company gets 1 messages
  And what the mall hears tells "<ResponseCode>2001</ResponseCode>"

Scenario: who sends in another's name without a mandate
  When envelope 1 comes from the broker
  Then the message is refused with walk.sender-not-named
  And what the broker hears tells "<ResponseCode>1999</ResponseCode>"
  And the payer gets 0 messages

Scenario: an agent with a mandate sends in the name of its principal
  Given the mandate xinghai/exchange of xiangmai is on file from day 0 to day 30
  When envelope 1 comes from the broker
  Then 1 cases are accepted
  And the payer gets 1 messages
  And what the broker hears tells "<ResponseCode>0000</ResponseCode>"

Scenario: a mandate that ended yesterday
  Given the mandate xinghai/exchange of xiangmai is on file from day -30 to day -1
  When envelope 1 comes from the broker
  Then the message is refused with walk.sender-not-named
  And the payer gets 0 messages

Scenario: a mandate that is revoked, and one for another service
  Given the mandate xinghai/exchange of xiangmai is on file from day 0 to day 30
  And the mandate xinghai/exchange of xiangmai is revoked
  And the mandate xinghai/bonded of xiangmai is on file from day 0 to day 30
  When envelope 1 comes from the broker
  Then the message is refused with walk.sender-not-named
  Given the mandate xinghai/* of xiangmai is on file from day 0 to day 30
  When envelope 2 comes from the broker
  Then 1 cases are accepted

Scenario: a mandate of somebody else
  Given the mandate xinghai/exchange of fuda is on file from day 0 to day 30
  When envelope 1 comes from the broker
  Then the message is refused with walk.sender-not-named

Scenario: an envelope from the future
  When envelope 1 comes with CreatTime 2099-01-05T10:15:30
  Then 1 cases are refused
  And the payer gets 0 messages
  And what the mall hears tells "<ResponseCode>0999</ResponseCode>"

Scenario: an envelope that is not of the right form
  When envelope 1 comes with SenderId ""
  Then the message is refused
  And there are 0 cases

Scenario: who is who, told by PARTIN
  When parties 1 comes
  Then 1 cases are accepted
  And the airline gets 1 messages
  And what the airline gets tells "NAD+IM+4301960A01"
  And what the company hears tells "CUSRES"

Scenario: PARTIN for nobody, and in another's name
  When parties 1 comes with DXPENT0000000006 DXPENT0000009999
  Then the message is refused with walk.receiver-unknown
  When parties 2 comes with DXPENT0000000005 DXPENT0000000001
  Then the message is refused with walk.sender-not-named
  And the airline gets 0 messages

Scenario: a number that never comes is told after an hour, not before
  Given the company has agreed to leave out no number
  When numbered 1 comes
  And numbered 4 comes
  And 30 minutes pass
  Then the company finds no report
  When 31 minutes pass
  Then the company finds a report with walk.numbers-missing, telling "2–3"
  And somebody is to look at the gap, for "2–3"

Scenario: what comes out of order in time troubles nobody
  Given the company has agreed to leave out no number
  When numbered 1 comes
  And numbered 3 comes
  And 30 minutes pass
  And numbered 2 comes
  And 2 hours pass
  Then the company finds no report
  And nobody has to look at anything

Scenario: a gap that was told closes by itself
  Given the company has agreed to leave out no number
  When numbered 1 comes
  And numbered 3 comes
  And 2 hours pass
  Then somebody is to look at the gap
  When numbered 2 comes
  Then nobody has to look at anything

Scenario: without an agreement numbers may be left out
  When numbered 1 comes
  And numbered 9 comes
  And 2 hours pass
  Then the company finds no report
  And nobody has to look at anything
