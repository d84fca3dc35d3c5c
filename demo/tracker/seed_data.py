"""The words of the seed. Invented people, invented work."""

PEOPLE = [
    ("ada", "Ada", "Berg"),
    ("grace", "Grace", "Okafor"),
    ("linus", "Linus", "Holm"),
    ("mei", "Mei", "Tanaka"),
    ("omar", "Omar", "Haddad"),
    ("rosa", "Rosa", "Lind"),
]

# board → column → titles of its cards
BOARDS = {
    "Website relaunch": {
        "Backlog": [
            "Collect customer quotes for the home page",
            "Decide on a search for the help pages",
            "Old press releases: keep, merge or drop",
            "Write the page about accessibility",
            "Newsletter form in the footer",
            "Print style sheet for recipes",
            "Compare three cookie banners, or none",
            "Photo session in the workshop",
            "Translate product pages into Swedish",
            "Redirect list for the old addresses",
            "Offer page for schools",
        ],
        "In progress": [
            "Navigation that works with one thumb",
            "Checkout: address form in two steps",
            "New product photos, 40 of 112 done",
            "Delivery times per postcode",
            "Move images to modern formats",
            "Colour contrast of buttons",
            "Contact page with opening hours",
            "Draft of the text about us",
            "Order mail in plain language",
        ],
        "Review": [
            "Home page, second layout",
            "Size guide as a table",
            "Returns: shorter text",
            "Gift cards in the basket",
            "Page titles and descriptions",
            "Keyboard order in the shop",
            "404 page with a search field",
            "Terms of service, legal’s changes",
        ],
        "Done": [
            "Choose the typeface",
            "Inventory of all 260 pages",
            "Interview eight customers",
            "Budget signed",
            "Staging server",
            "Logo as SVG",
            "Agree on tone of voice",
            "Hosting contract renewed",
            "Sketches for phone and desktop",
            "Measure loading times of today’s site",
        ],
    },
    "Mobile app 2.0": {
        "Ideas": [
            "Widget with today’s deliveries",
            "Share a list with the family",
            "Dark icon for the home screen",
            "Undo after deleting",
            "Scan several labels in a row",
            "Offline maps for drivers",
            "Larger type on the driver screen",
            "Sort by distance",
            "Haptic tick when a parcel is scanned",
        ],
        "Next": [
            "Sign in with a passkey",
            "Photo of the place of delivery",
            "Push messages only when something is due",
            "Settings: one screen instead of five",
            "Keep drafts when the app is closed",
            "Ask for a review after the tenth delivery",
            "Signature with a finger, smoother",
            "Replace the map library",
        ],
        "Building": [
            "Sync queue that survives a tunnel",
            "New list of stops",
            "Barcode scanner on older cameras",
            "Crash on start without permission for photos",
            "Login expires while driving",
            "Landscape layout on tablets",
            "Battery use in the background",
            "Times in the time zone of the stop",
            "Messages from the depot",
            "Accessible labels on icon buttons",
        ],
        "Shipped": [
            "Crash reports with a version number",
            "Smaller download, 31 MB",
            "Address search with typos",
            "Swedish and Finnish",
            "Pull to refresh",
            "Night colours",
            "Stops can be reordered",
            "Export a day as CSV",
        ],
    },
    "Office move": {
        "To do": [
            "Measure the meeting room",
            "Find a home for the old printer",
            "Plants: who takes which",
            "New address on invoices",
            "Keys for everybody",
            "Coffee machine, lease or buy",
            "Sign at the door",
            "Tell the bank and the insurer",
            "Label every cable",
            "Plan the farewell lunch",
            "Bicycle stands",
            "First aid boxes",
        ],
        "Waiting": [
            "Internet line, date from the provider",
            "Landlord’s answer about the wall",
            "Offer of the second moving company",
            "Fire inspection",
            "Desks: delivery in week nine",
            "Parking permits",
            "Alarm company calls back",
            "Colour samples for the kitchen",
        ],
        "Doing": [
            "Seating plan",
            "Packing list per room",
            "Inventory of chairs",
            "Network sockets on the upper floor",
            "Cancel the old cleaning contract",
            "Boxes, 120 of them",
            "Meeting room names, vote",
            "Archive: shred or keep",
            "Move of the server cupboard",
        ],
        "Done": [
            "Lease signed",
            "Floor plan as PDF",
            "Date of the move agreed",
            "Deposit paid",
            "Team has seen the rooms",
            "Notice for the old office",
            "Moving budget",
            "Ask who needs a standing desk",
        ],
    },
}

# board → who leads it, and where it is going
LEADS = {
    "Website relaunch": ("grace", "Live on the first of April, and twice as fast"),
    "Mobile app 2.0": ("ada", "Drivers finish a round without a phone call"),
    "Office move": ("omar", "One weekend, nothing lost, coffee on Monday"),
}

# name, hue, and the words in a title that call for it
LABELS = [
    ("Design", 265, "layout sketch colour logo typeface photo icon dark style seating screen map"),
    ("Content", 190, "write text page quotes press translate titles mail slip form labels sign"),
    ("Bug", 355, "crash expires older 404 battery typos"),
    ("Research", 42, "interview compare decide measure inventory survey vote ask widget offline"),
    ("Legal", 315, "terms cookie lease contract insurer bank permits fire shred landlord"),
    ("Delivery", 150, "delivery parcel stops depot barcode boxes moving cable desks stock"),
]

DESCRIPTIONS = [
    "Small enough for two days. If it grows, split it and tell the others.",
    "Came up in Monday’s meeting. We want one proposal, not three.",
    "Last year’s version is in the shared folder; start from there, not from nothing.",
    "Three customers asked for this in one week. Call at least one of them back when it is done.",
    "Check it on a small phone first. That is where two thirds of the visitors are.",
    "Depends on an answer from outside. If there is none by the due date, we go on without it.",
    "Done means: somebody who has never seen it gets through without asking.",
    "Keep the old one until the new one has run for a week.",
    "The numbers are in the spreadsheet, second tab. Please write down where new ones come from.",
]

COMMENTS = [
    "I can look at it on Thursday, if that is not too late.",
    "First version is up. Be unkind, please.",
    "Looks good to me. Who tells the customers?",
    "Split this in two? The second half can wait.",
    "Asked again this morning; they promised an answer by the end of the week.",
    "Talked to the shop about it. They would rather have it simple than complete.",
    "This took longer than planned, the old data was messier than anybody remembered.",
    "Tried it with two people who had not seen it. One got stuck at the second step.",
    "Agreed. I will write it up.",
    "Can we drop this? Nobody has asked for it since spring.",
    "Nice. The shorter text works much better.",
    "I am out on Friday, so please do not wait for me.",
]

# For `seed --boards 50 --cards 5000`: parts that make many more.
PLACES = ["Lisbon", "Turku", "Ghent", "Malmö", "Graz", "Bilbao", "Cork", "Łódź", "Aarhus", "Brno"]
WORKS = ["shop", "depot", "catalogue", "intranet", "workshop", "help desk"]
COLUMNS = ["To do", "Doing", "Review", "Done"]
VERBS = ["Check", "Draft", "Agree on", "Replace", "Measure", "Order", "Describe", "Test"]
THINGS = [
    "the price list", "the welcome mail", "the stock report", "labels for shelves", "the rota",
    "the sign-in form", "delivery notes", "the training plan", "the backup", "opening hours",
    "the return slip", "the map of the site",
]  # fmt: skip
