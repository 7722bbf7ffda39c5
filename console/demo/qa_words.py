"""Scorecards of the demo in each client's words, and what reviewers write."""

from typing import Any, Final

_SCALE: Final = (("fully", "Fully", 2), ("partly", "Partly", 1), ("no", "No", 0))
_YES: Final = (("yes", "Yes", 1), ("no", "No", 0))
# Sections: key, title, weight, questions. A question: short, text, guidance and its kind:
# "" three answers, "?" yes or no, "-" three answers or N/A, "!" fails the form, "%" fails its section.
_FORMS: Final[dict[str, tuple[str, str, str, tuple[Any, ...]]]] = {
    "norvik": (
        "voice", "Norvik voice", "voice",
        (
            ("opening", "Opening", 20, (
                ("Greeting and brand name", "Did the agent greet the customer with the brand and their own name?", "Fully: both names within the first ten seconds.", ""),
                ("Authentication before account data", "Did the agent authenticate the caller before naming anything on the account?", "Failing this fails the review, whatever else was good.", "!"),
            )),
            ("discovery", "Discovery", 30, (
                ("Listens without interrupting", "Did the agent let the customer finish?", "Partly: one interruption, repaired at once.", ""),
                ("States the goal of the call", "Did the agent say back what the customer wants?", "", "?"),
                ("Verifies the reason before a fix", "Did the agent verify the reason before offering a fix?", "Fully: the bill or the line was opened and the cause named.", ""),
                ("Checks account history", "Did the agent look at earlier cases of this account?", "N/A for a new customer.", "-"),
            )),
            ("resolution", "Resolution", 30, (
                ("Correct explanation", "Was what the agent explained correct?", "A wrong amount, date or promise fails the section.", "%"),
                ("Credit within authority, noted", "Was any credit within authority and noted on the case?", "N/A where no credit was asked for.", "-"),
                ("Owns the problem", "Did the agent own the problem without a needless transfer?", "", ""),
            )),
            ("closing", "Closing", 20, (
                ("Next step with a date", "Did the agent sum up and give the next step with a date?", "Say “by Friday”, not “soon”.", ""),
                ("Asks if anything else is open", "Did the agent ask whether anything else is open?", "", "?"),
                ("Closes in Norvik’s words", "Did the agent close in Norvik’s words?", "", "?"),
            )),
        ),
    ),
    "sunda": (
        "written", "Sunda written service", "",
        (
            ("tone", "Tone", 25, (
                ("Opens by name, warmly", "Does the first line greet the customer by name?", "", "?"),
                ("Plain words, no stock phrases", "Is it written in plain words?", "“As per our policy” is a stock phrase.", ""),
                ("Spelling and sentences", "Is it free of mistakes that a customer would notice?", "", ""),
            )),
            ("understanding", "Understanding", 25, (
                ("Answers what was asked", "Does the answer meet every question that was asked?", "Fully: each question, in the order asked.", ""),
                ("Opens the right order", "Was the right order opened and named?", "N/A where no order is involved.", "-"),
                ("Asks once for what is missing", "Was everything that was missing asked for at once?", "N/A where nothing was.", "-"),
            )),
            ("solution", "Solution", 35, (
                ("Refund rule applied", "Was the refund rule of the season applied correctly?", "A refund outside the rule fails the section.", "%"),
                ("No card number in writing", "Did nobody write a card number?", "One card number in writing fails the review.", "!"),
                ("Solved without a second contact", "Could the customer stop here?", "", ""),
            )),
            ("closing", "Closing", 15, (
                ("Says when it will be done", "Does it say by what day?", "", ""),
                ("Offers the way back", "Does it say how to come back to the same person?", "", "?"),
                ("Tags and notes set", "Are tags and notes set for the next reader?", "", "?"),
            )),
        ),
    ),
    "alder": (
        "appointments", "Alder appointment line", "voice",
        (
            ("opening", "Opening", 15, (
                ("Greets for the clinic", "Did the agent greet in the name of the right clinic?", "", "?"),
                ("Two identifiers", "Were two identifiers checked before anything about the patient was said?", "Failing this fails the review: it is the privacy rule.", "!"),
            )),
            ("need", "Need", 30, (
                ("Reason without diagnosing", "Did the agent take the reason without diagnosing?", "", ""),
                ("Red flags asked", "Were the red-flag questions asked as written?", "Leaving one out fails the section.", "%"),
                ("Listens to the end", "Did the agent let the caller finish?", "", ""),
                ("Interpreter offered", "Was an interpreter offered where it was needed?", "N/A where it was not.", "-"),
            )),
            ("booking", "Booking", 35, (
                ("Right clinic and length", "Is the appointment at the right clinic and of the right length?", "", ""),
                ("First offer within the target", "Was the first offer within the days promised?", "N/A where the caller wanted later.", "-"),
                ("Reads it back", "Did the agent read back day, time and place?", "Fully: all three, and the caller said yes.", ""),
            )),
            ("closing", "Closing", 20, (
                ("Preparation explained", "Was the preparation explained?", "", ""),
                ("Reminder set", "Was the reminder set as the caller wishes?", "", "?"),
                ("Kind close", "Was the close kind and unhurried?", "", "?"),
            )),
        ),
    ),
}  # fmt: skip

SKIPS: Final = ("The sound ends after ten seconds", "A colleague's test call", "In a language nobody here scores")
PRAISE: Final = (
    "Good instinct: you compared before promising. Say the amount aloud next time.",
    "Calm all the way through, and the customer calmed down with you.",
    "The summary at the end was exact: day, amount, who does what.",
    "You asked one question more than needed here, and it saved a second call.",
    "This is how owning it sounds. Keep it.",
)
ADVICE: Final = (
    "Here the customer was not finished. Count to two, then answer.",
    "Say “by Friday”, not “soon”.",
    "Open the history before you answer: the same thing came up last week.",
    "You knew the answer; say it first and explain it after.",
    "Name what you will do while you look, so that the silence has a reason.",
    "Read the question back in the customer’s words before you go on.",
)
REPLIES: Final = (
    "You are right. I wanted to be quick and it took longer.",
    "The tool was slow there; I will say so next time.",
    "Thank you. Can we listen to it together?",
    "I thought she had finished. I will wait.",
)
BACK: Final = (
    "Let’s. Tomorrow before your shift?",
    "Good. I will look at the tool with the team.",
    "That is all it takes.",
)
SEVERE: Final = "This is the one that can’t happen. Let’s go through it together before your next shift."
TO_TEAM: Final = "Second time this week in this team. Worth five minutes at the stand-up."


def scorecard(client_key: str) -> dict[str, Any]:
    """What `publish_scorecard` takes: key, name, channel and content of a client's scorecard of 12 questions."""
    key, name, channel, sections = _FORMS[client_key]
    number, made = 0, []
    for section, title, weight, questions in sections:
        asked = []
        for short, text, guidance, kind in questions:
            number += 1
            asked.append(_question(f"q{number:02}", short, text, guidance, kind))
        made.append({"key": section, "title": title, "weight": weight, "questions": asked})
    content = {"mode": "nested", "pass_mark": 80, "cap_at_100": True, "autofail_effect": "zero", "sections": made}
    return {"key": key, "name": name, "channel": channel, "content": content}


def _question(key: str, short: str, text: str, guidance: str, kind: str) -> dict[str, Any]:
    severe = kind in ("!", "%")
    answers = _YES if severe or kind == "?" else _SCALE
    options: list[dict[str, Any]] = [{"key": one, "label": label, "points": points} for one, label, points in answers]
    found: dict[str, Any] = {"key": key, "type": "choice", "weight": 1, "short": short, "text": text}
    if severe:
        options[-1]["autofail"] = True
        found["autofail_scope"] = "form" if kind == "!" else "section"
        found["error_class"] = "compliance" if kind == "!" else "customer"
    return found | {"guidance": guidance, "allow_na": kind == "-", "options": options}
