"""A finding with words of its own keeps them on its way through JSON."""

from hub.model.finding import Finding, Language, Place, Severity, Words

WORDS = Words("第 {line} 行：{value}", "Line {line}: {value}", "改", "Mend {value}", "12")


def test_words_travel_as_they_were_told():
    finding = Finding("guide.trial.x", Place(line=3), Severity.WARNING, (("value", "a{b}c"),), WORDS)
    assert finding.text(Language.EN) == "Line 3: a{b}c"
    assert finding.standard("contrl") == "12"
    again = Finding.from_json(finding.as_json())
    assert again.text(Language.ZH) == "第 3 行：a{b}c"
    assert again.mend(Language.EN) == "Mend a{b}c"
    assert again.standard("contrl") == "12"
    assert again.as_json() == finding.as_json()
