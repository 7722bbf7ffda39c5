"""What is said: lines by contact reason, several for each place, so that no two calls are word for word the same."""

from typing import Final

GREETING: Final = (
    "Thank you for calling {client}, my name is {first}. How can I help you today?",
    "{client}, good day, you are speaking with {first}. What can I do for you?",
    "Hello and welcome to {client}. This is {first}. How may I help?",
)
IDENTIFY: Final = (
    "I am happy to look into that. May I have your customer number and your date of birth, please?",
    "Of course. For your protection I need to verify the account first: your customer number and postcode?",
    "Let me pull up your account. Could you give me the customer number, please?",
)
IDENTIFIED: Final = (
    "Sure, it is {reference}. And the rest is on file, I think.",
    "One second. Here it is: {reference}.",
    "Yes. {reference}.",
)
THANKS: Final = (
    "Thank you, that matches what I have here.",
    "Perfect, I have your account open now.",
    "Great, thank you for that.",
)
HOLD: Final = (
    "May I put you on a short hold while I check this?",
    "I would like to look at the history of this. Please stay on the line for a moment.",
    "Let me check that with the system. It will take a few moments.",
)
HELD: Final = ("No problem.", "All right, I will wait.", "Fine, take your time.", "Again? Okay.")
BACK: Final = (
    "Thank you for waiting.",
    "Thanks for holding, I have it now.",
    "I am back, thank you for your patience.",
)
CARD_ASK: Final = (
    "Please read me the number on the front of the card.",
    "Which card would you like to use? I need the long number.",
)
REDACTED: Final = "card number removed"
ANYTHING: Final = (
    "Is there anything else I can do for you?",
    "Did I cover everything you called about?",
    "Anything else today?",
)
NOTHING: Final = ("No, that was all. Thanks.", "That is it, thank you very much.", "No. I hope it works this time.")
CLOSING: Final = (
    "Thank you for calling {client}. Have a good day.",
    "You are welcome. Goodbye and take care.",
    "My pleasure. You may get a short question by mail about today. Goodbye.",
)

# While something is looked up or explained: the agent, then the customer.
MEANWHILE: Final = (
    (
        "While this loads: I see you have been with us for four years. Thank you for that.",
        "Has it been that long already?",
    ),
    ("I also write down what we agreed, so that nobody asks you again.", "That would be nice, yes."),
    ("You can see the same page on your side, under the second item of the menu.", "Wait. Yes, I see it."),
    (
        "There are two ways to do it, and I would take the first, because it costs you nothing.",
        "Then let us take that one.",
    ),
    ("Just to be sure that I understood you: it was fine until last week?", "Exactly, until last Tuesday."),
    ("I send you the summary in writing as soon as we are done.", "By mail is best."),
    ("May I ask you to read me the last three digits once more?", "Seven, nought, four."),
    ("It takes a day until you see it in your account.", "All right, I will look tomorrow evening."),
)

# By reason: what the customer says, what the agent asks, what the customer adds, how it ends.
TOLD: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "bill-question": (
        ("My bill went up by twelve dollars and I do not see why.", "There is a line on my bill I cannot explain."),
        ("Which month is it about?", "Can you tell me the amount you see at the bottom?"),
        ("The one from last week. It says ninety-four fifty.", "October. It used to be eighty-two."),
        ("Your introductory discount ended on the first. I have added the loyalty price, so it goes down next month.",),
    ),
    "payment": (
        ("I cannot pay the whole bill this month. Can we split it?", "I need a few more weeks to pay."),
        ("What could you pay today?", "On which day do you get paid?"),
        ("Half of it now, the rest after the fifteenth.", "On the last Friday of the month."),
        ("I have set up two payments. You will get both dates in writing, and there is no late fee.",),
    ),
    "disputed-charge": (
        ("You charged me for a film I never watched.", "There is a charge for a second line. I have only one."),
        ("When did you first notice it?", "Does anybody else in the house use the account?"),
        ("This morning, when the bill came.", "No, I live alone."),
        ("I have taken the charge off and opened a check. You will hear from us within five days.",),
    ),
    "card-update": (
        ("My card ran out and I have a new one.", "I want to pay with another card from now on."),
        ("I can change that right away.", "No problem, that takes a minute."),
        ("Good, I have it here.", "All right, I am ready."),
        ("The new card is in place. The next payment on the third will use it.",),
    ),
    "no-internet": (
        ("The internet is gone since this morning.", "Nothing works here, the router shows a red light."),
        ("Which lights do you see on the router?", "Did you unplug it for half a minute already?"),
        ("Power is green, the second one blinks red.", "Twice. It comes back for a minute and then it is gone."),
        ("I have reset the line from here. The light should turn green in two minutes. It does? Wonderful.",
         "There is damage on the line. A technician comes tomorrow between eight and twelve."),
    ),
    "slow-internet": (
        ("Everything is slow in the evening. I cannot even watch a film.", "I pay for five hundred and get forty."),
        ("Is it slow by cable too, or only over the air?", "What does the speed test say next to the router?"),
        ("Only over the air, upstairs.", "By cable it is better, about four hundred."),
        ("I have moved your router to a free channel. Please run the test again. Three hundred and ten? Good.",),
    ),
    "router-setup": (
        ("I got the new router and do not know where to start.", "The app does not find my router."),
        ("Is the white cable in the socket marked line?", "Do you see the label with the name of the network?"),
        ("Yes, now it is.", "I see it, it ends in seven three."),
        ("The app should show it now. You are online. I will send you the page with pictures as well.",),
    ),
    "outage": (
        ("Is there something wrong in my area?", "My neighbour has no internet either. Is it you?"),
        ("Let me look at your street.", "One moment, I check your postcode."),
        ("Please do, I work from home.", "Okay."),
        ("Yes, a cable was cut two streets away. We expect it back by six, and the day comes off your bill.",),
    ),
    "moving-home": (
        ("I am moving at the end of the month and want to take my line along.", "We have a new address from the first."),
        ("What is the new postcode?", "Would you like the line to work on the day before you move?"),
        ("It is six oh four one two.", "That would be perfect."),
        ("Fibre is there already. I have booked the switch, and you keep your number.",),
    ),
    "upgrade": (
        ("I saw the offer with one gigabit. Can I get that?", "Can I have more speed without a new contract?"),
        ("How many of you are online at the same time?", "Do you also watch television over the line?"),
        ("Five, and two of us work from home.", "No, only the computers."),
        ("You can have it for ten more a month, from tomorrow. The router can do it already.",),
    ),
    "cancellation": (
        ("I want to cancel.", "I am leaving, please tell me how to end the contract."),
        ("May I ask what made you decide?", "Is it about the price, or did something not work?"),
        ("It is cheaper next door.", "I called three times about the same thing."),
        ("I have noted it for the thirtieth and written down your reason. You get the confirmation today.",
         "I can take fifteen off for a year if you stay. You would like that? I have set it up."),
    ),
    "book": (
        ("I need an appointment with Doctor Hale, as early as possible.", "My doctor told me to come in for a check."),
        ("Is it urgent, or can it wait until next week?", "Do mornings or afternoons suit you better?"),
        ("It can wait, but not for long.", "Mornings, before ten."),
        ("I have Tuesday at eight forty. It is yours; please come ten minutes early.",),
    ),
    "change": (
        ("I cannot come on Thursday. Can we move it?", "I have to change my appointment."),
        ("Which day would suit you instead?", "Would the same time a week later work?"),
        ("Any day but Wednesday.", "A week later is fine."),
        ("Done. You are in on Monday at eleven, and the old time is free for somebody else.",),
    ),
    "referral": (
        ("I was told you would send a referral and nobody has it.", "Has my referral come in?"),
        ("To which clinic should it go?", "Who signed it, do you know?"),
        ("The one for the heart, on Ninth Street.", "Doctor Okafor, about two weeks ago."),
        ("I found it and sent it again. They confirmed while you waited.",),
    ),
    "prescription": (
        ("I need my tablets again.", "I would like to order a repeat prescription."),
        ("The same as last time?", "Which pharmacy do you use now?"),
        ("Yes, the small white ones.", "The one next to the station."),
        ("The doctor signs it before noon. You can pick it up tomorrow.",),
    ),
    "where-is-order": (
        ("Hi, my parcel should have been here on Friday.", "The tracking has not moved for four days."),
        ("Could you send me the order number?", "Let me look at it. Is the address in the order right?"),
        ("It is in the mail you sent me.", "Yes, it is."),
        ("It sat at the depot. The carrier brings it tomorrow, and your delivery fee is refunded.",),
    ),
    "product-question": (
        ("Does the kettle come with a European plug?", "Is the blue coat true to size?"),
        ("I check the data sheet.", "What size do you normally wear?"),
        ("Thanks!", "Usually a medium."),
        ("Yes, it does. Shall I put it in your basket?", "Then take the medium. You can return it free for thirty days."),
    ),
    "voucher": (
        ("My voucher is not accepted.", "It says the code is invalid."),
        ("Which code do you use?", "What is in your basket?"),
        ("AUTUMN15", "Two lamps and a rug."),
        ("It needs an order from forty on. I have made you a new one that works.",),
    ),
    "return": (
        ("I want to send back the shoes from my last order. They are too small.", "How do I return one of two items?"),
        ("You find the label attached. Please use it within fourteen days.", "One item alone is no problem."),
        ("Thank you. How long until I get the money?", "And who pays for it?"),
        ("The refund is on its way within three days after the parcel is with us. Returning is free.",),
    ),
    "damaged": (
        ("The vase arrived in pieces. I attach two photos.", "The screen has a scratch right across."),
        ("I am sorry about that. Would you like another one, or the money back?", "Thank you for the pictures."),
        ("Another one, please.", "The money, please."),
        ("It leaves the warehouse today. You need not send anything back.", "The refund is booked today."),
    ),
    "missing-item": (
        ("There was one thing missing in the parcel.", "I ordered three and got two."),
        ("Which article is it?", "Was the parcel open when it came?"),
        ("The green tea towel.", "No, it was sealed."),
        ("I have sent it on its own by letter. It should be there on Thursday.",),
    ),
}  # fmt: skip
WEST: Final = "-west"  # the same reasons in the other zone end so
