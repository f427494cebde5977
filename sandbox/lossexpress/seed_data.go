package lossexpress

// The tables of the seeded data. People, addresses and phone numbers are invented (555-01xx is reserved for that);
// the lenders are real names with invented addresses.

type note struct{ category, text string }

type place struct{ street, city, state, zip string }

func (p place) line() string { return p.street + " " + p.city + " " + p.state + " " + p.zip }

func models() []model {
	return []model{
		{"Honda", "Accord", "1HGCV1F3", 'A', 2018, 2022, 19800},
		{"Honda", "CR-V", "2HKRW2H8", 'H', 2018, 2022, 23900},
		{"Toyota", "Camry", "4T1G11AK", 'U', 2020, 2024, 22600},
		{"Toyota", "RAV4", "2T3P1RFV", 'C', 2019, 2024, 26900},
		{"Toyota", "Corolla", "5YFEPMAE", 'P', 2020, 2024, 17400},
		{"Ford", "F-150", "1FTEW1EP", 'F', 2018, 2023, 31800},
		{"Ford", "Escape", "1FMCU9GD", 'U', 2017, 2019, 13700},
		{"Ford", "Explorer", "1FMSK8DH", 'G', 2020, 2024, 29900},
		{"Chevrolet", "Silverado 1500", "3GCUYDED", 'G', 2019, 2022, 33200},
		{"Chevrolet", "Equinox", "2GNAXKEV", '6', 2018, 2021, 16300},
		{"GMC", "Sierra 1500", "3GTU9DED", 'G', 2019, 2022, 36400},
		{"Nissan", "Altima", "1N4BL4BV", 'C', 2019, 2023, 16900},
		{"Nissan", "Rogue", "5N1AT2MV", 'C', 2017, 2020, 15200},
		{"Jeep", "Grand Cherokee", "1C4RJFBG", 'C', 2017, 2021, 24700},
		{"Ram", "1500", "1C6SRFFT", 'N', 2019, 2023, 34100},
		{"Dodge", "Charger", "2C3CDXHG", 'H', 2018, 2022, 24300},
		{"Hyundai", "Elantra", "5NPD84LF", 'H', 2017, 2020, 12900},
		{"Hyundai", "Tucson", "KM8J33A4", 'U', 2017, 2021, 16700},
		{"Kia", "Sorento", "5XYPG4A3", 'G', 2017, 2020, 16100},
		{"Subaru", "Outback", "4S4BTAFC", '3', 2020, 2022, 24100},
		{"Volkswagen", "Jetta", "3VWC57BU", 'M', 2019, 2021, 15400},
		{"Mazda", "CX-5", "JM3KFBCM", '0', 2019, 2021, 21200},
		{"BMW", "X3", "5UXTY5C0", '9', 2020, 2021, 31500},
		{"Tesla", "Model 3", "5YJ3E1EA", 'F', 2018, 2023, 25900},
	}
}

// seedLenders are the lenders that the service knows from the start.
func (s *Server) seedLenders() []*lender {
	lenders := []*lender{
		{
			Name: "Ally Financial", Aliases: []string{"Ally Bank", "Ally Auto"}, Integrated: true,
			payTo: "ALLY FINANCIAL", phone: "+18885550101",
			standard:  address{"Payment Processing Center", "PO Box 78234", "", "Phoenix", "AZ", "85062"},
			overnight: address{"Payment Processing", "1820 E Sky Harbor Circle S", "Ste. 150", "Phoenix", "AZ", "85034"},
		},
		{
			Name: "Toyota Financial Services", Aliases: []string{"TFS", "Toyota Motor Credit Corporation"}, Integrated: true,
			payTo: "TOYOTA FINANCIAL SERVICES", phone: "+18005550102",
			standard:  address{"Total Loss", "PO Box 5170", "", "Carol Stream", "IL", "60197"},
			overnight: address{"Total Loss Dept", "5005 N River Blvd NE", "", "Cedar Rapids", "IA", "52411"},
		},
		{
			Name: "Wells Fargo Auto", Aliases: []string{"Wells Fargo Dealer Services"},
			payTo: "WELLS FARGO AUTO", phone: "+18005550103",
			standard:  address{"Insurance Claims", "PO Box 17900", "", "Denver", "CO", "80217"},
			overnight: address{"Insurance Claims", "1740 Broadway", "MAC C7300-01L", "Denver", "CO", "80274"},
		},
		{
			Name: "Chase Auto", Aliases: []string{"JPMorgan Chase Bank", "Chase Auto Finance"}, Integrated: true,
			payTo: "JPMORGAN CHASE BANK NA", phone: "+18005550104",
			standard:  address{"", "PO Box 78101", "", "Phoenix", "AZ", "85062"},
			overnight: address{"Attn 78101", "1820 E Sky Harbor Circle S", "Ste. 150", "Phoenix", "AZ", "85034"},
		},
		{
			Name: "Capital One Auto Finance", Aliases: []string{"COAF", "Capital One Auto"}, Integrated: true,
			payTo: "CAPITAL ONE AUTO FINANCE", phone: "+18005550105",
			standard:  address{"", "PO Box 60511", "", "City of Industry", "CA", "91716"},
			overnight: address{"Attn 60511", "2525 Corporate Place", "2nd Floor", "Monterey Park", "CA", "91754"},
		},
		{
			Name: "Santander Consumer USA", Aliases: []string{"SCUSA", "Chrysler Capital"}, authorization: true,
			payTo: "SANTANDER CONSUMER USA", phone: "+18885550106",
			standard:  address{"Insurance Department", "PO Box 660633", "", "Dallas", "TX", "75266"},
			overnight: address{"Lockbox 660633", "1501 N Plano Road", "Ste. 100", "Richardson", "TX", "75081"},
		},
		{
			Name: "GM Financial", Aliases: []string{"AmeriCredit", "GM Financial Leasing"},
			payTo: "GM FINANCIAL", phone: "+18005550107",
			standard:  address{"", "PO Box 78143", "", "Phoenix", "AZ", "85062"},
			overnight: address{"Payoff Department", "4001 Embarcadero Drive", "", "Arlington", "TX", "76014"},
		},
		{
			Name: "Navy Federal Credit Union", Aliases: []string{"NFCU"}, authorization: true,
			payTo: "NAVY FEDERAL CREDIT UNION", phone: "+18885550108",
			standard:  address{"Collateral Support", "PO Box 3501", "", "Merrifield", "VA", "22119"},
			overnight: address{"Collateral Support", "820 Follin Lane SE", "", "Vienna", "VA", "22180"},
		},
		{
			Name: "Bank of America", Aliases: []string{"BofA Dealer Financial Services"},
			payTo: "BANK OF AMERICA NA", phone: "+18005550109",
			standard:  address{"", "PO Box 15220", "", "Wilmington", "DE", "19886"},
			overnight: address{"Auto Loan Payoff", "225 N Calvert Street", "3rd Floor", "Baltimore", "MD", "21202"},
		},
	}
	for _, l := range lenders {
		l.ID = s.id()
	}
	return lenders
}

// unknownLenders are names that carriers type and the service has to verify first.
func unknownLenders() []string {
	return []string{
		"Lone Pine Community CU", "Tri-County Auto Credit", "First Prairie Bank", "Harbor Light Federal CU",
		"Ally Fin", "Capitol One Auto",
	}
}

func owners() []string {
	return []string{
		"Dana Whitfield", "Marcus Oyelaran", "Priya Raghunathan", "Thomas Kowalczyk", "Elena Vasquez", "Jerome Battle",
		"Hannah Lindqvist", "Robert Castellano", "Mei-Ling Zhou", "Calvin Brewster", "Samantha O'Rourke", "Luis Arredondo",
		"Beverly Tran", "Andre Fontaine", "Kathleen Mulcahy", "Yusuf Abdi", "Gregory Pruitt", "Naomi Feldman",
		"Trevor Haskins", "Isabel Monteiro", "Wendell Carmichael", "Aisha Karim", "Patrick Delacroix", "Joanna Szymanski",
		"Derek Vanderpool", "Rosa Gutierrez", "Leonard Achterberg", "Shanice Holloway", "Victor Petrosyan", "Emily Nakamura",
		"Curtis Ledbetter", "Fatima El-Sayed", "Brian McAllister", "Claudia Reyes", "Raymond Tull", "Stephanie Okafor",
		"Neil Bergstrom", "Carmen Delgado", "Howard Finch", "Angela Morelli", "Darnell Simmons", "Ingrid Halvorsen",
		"Peter Szabo", "Latoya Jefferson", "Scott Wexler", "Maria Santangelo", "Owen Gallagher", "Teresa Quintero",
		"Jamal Whitaker", "Diane Hutchins", "Kevin Nguyen", "Ruth Abernathy", "Felix Marchetti", "Sandra Pike",
		"Oscar Villanueva", "Monica Sheffield", "Dmitri Volkov", "Paula Ingram", "Walter Jankowski", "Grace Adeyemi",
	}
}

func adjusters() []string {
	return []string{
		"Mike McLaren", "Sofia Brandt", "Terrence Cole", "Lindsay Ashworth", "Paul Nakagawa", "Renee Dubois",
		"Carlos Iglesias", "Megan Straub",
	}
}

func places() []place {
	return []place{
		{"12200 Willowbend Drive", "Dallas", "TX", "75243"},
		{"418 Magnolia Street", "Baton Rouge", "LA", "70802"},
		{"2907 N Sheffield Avenue", "Chicago", "IL", "60657"},
		{"85 Prospect Place", "Brooklyn", "NY", "11217"},
		{"6633 E Camelback Road", "Scottsdale", "AZ", "85251"},
		{"1540 Cahuenga Blvd", "Los Angeles", "CA", "90028"},
		{"77 Chestnut Hill Road", "Stamford", "CT", "06903"},
		{"3021 Peachtree Road NE", "Atlanta", "GA", "30305"},
		{"9114 Tangelo Court", "Orlando", "FL", "32836"},
		{"505 Union Street", "Seattle", "WA", "98101"},
		{"1212 Larimer Street", "Denver", "CO", "80204"},
		{"4460 Brandywine Street", "Pittsburgh", "PA", "15217"},
		{"230 S Wacker Lane", "Naperville", "IL", "60540"},
		{"7801 Lyndale Avenue S", "Minneapolis", "MN", "55420"},
		{"34 Harbor View", "Portland", "ME", "04101"},
		{"616 Bourbon Trail", "Louisville", "KY", "40205"},
		{"1900 Desert Rose Way", "Henderson", "NV", "89002"},
		{"5520 Tamarack Avenue", "Columbus", "OH", "43229"},
		{"818 Old Mill Road", "Raleigh", "NC", "27606"},
		{"2240 Cherokee Bend", "Tulsa", "OK", "74114"},
	}
}

// salvageYards are where titles go.
func salvageYards() []place {
	return []place{
		{"4226 Wyland Drive", "Dallas", "TX", "75211"},
		{"15600 Center Street", "Harvey", "IL", "60426"},
		{"2805 W Salvage Road", "Phoenix", "AZ", "85009"},
		{"1700 Dock Road", "Newark", "NJ", "07114"},
	}
}

// actionMessages are what LossExpress asks of the carrier.
func actionMessages() []note {
	return []note{
		{"ADDITIONAL INFORMATION REQUIRED (NON-DISPUTE)", "A photo of the odometer reading is required."},
		{"ADDITIONAL INFORMATION REQUIRED (NON-DISPUTE)", "The lender needs page 2 of the valuation report; the upload ends after page 1."},
		{"SETTLEMENT DISPUTE", "Settlement amount appears to differ from documents. Please update."},
		{"CUSTOMER AUTHORIZATION", "Lender requires the customer's verbal authorization. Please have the customer call the lender's loss department."},
		{"TITLE", "Title state is not on file. Which state issued the title?"},
		{"OWNER RETAINED SETTLEMENT", "Owner is keeping the vehicle. Please confirm the salvage value deducted from the settlement."},
		{"BANKRUPTCY", "Account is in an active Chapter 13 case. Please send the trustee's contact before we continue."},
		{"ADDITIONAL INFORMATION REQUIRED (NON-DISPUTE)", "Account number does not match the VIN at this lender. Please confirm the account number."},
	}
}

// plainMessages are what LossExpress just says.
func plainMessages() []note {
	return []note{
		{"GENERAL", "Lender confirmed receipt of the settlement breakdown and valuation report."},
		{"GENERAL", "Lender quotes 3 to 5 business days for the letter of guarantee."},
		{"TITLE", "Title is electronic (ELT). The lender releases it about 10 days after the payoff posts."},
		{"OTHER", "Lender's loss department is closed for the holiday. We will call again on the next business day."},
		{"GENERAL", "Payoff letter was faxed to us unreadable; a new copy has been requested."},
	}
}

// carrierMessages are what a carrier's user writes.
func carrierMessages() []string {
	return []string{
		"The LoG looks to have the wrong settlement amount, please get an LoG with the proper amount. Thanks!",
		"Odometer photo uploaded. Please continue with the payoff request.",
		"Customer will call the lender today to authorize the release of the payoff.",
		"Please ask the lender to overnight the title, the vehicle is already at auction.",
		"Account number corrected, please try the lender again.",
	}
}

// answersToCarrier are what LossExpress writes back.
func answersToCarrier() []note {
	return []note{
		{"GENERAL", "Thank you, we have added this to the file and will follow up with the lender today."},
		{"GENERAL", "Understood. The lender has been called again; we will update the order once they respond."},
		{"OTHER", "Noted. Our specialist will review this within the hour."},
	}
}

// answersToDispute are what becomes of a disputed counter.
func answersToDispute() []note {
	return []note{
		{"SETTLEMENT DISPUTE", "Lender reviewed your dispute and accepts the original settlement amount. The letter of guarantee is on its way."},
		{"SETTLEMENT DISPUTE", "Dispute forwarded to the lender's remarketing team. They usually answer within two business days."},
	}
}

// answersToAccept are what becomes of an accepted counter.
func answersToAccept() []note {
	return []note{
		{"SETTLEMENT DISPUTE", "New settlement breakdown sent to the lender. Counter closed."},
	}
}

// attemptMessages are why an order could not be fulfilled.
func attemptMessages() []string {
	return []string{
		"Account is closed or paid off", "Account is in title perfection", "Account number required", "Account is a lease",
		"Account is delinquent", "Call dropped", "Customer authorization required", "Customer would not authorize",
		"Lender would not release to a third party", "Mismatch info provided", "Required to be sent via email/fax",
		"Unable to find account", "Unable to verify lender", "Wait time too long", "Wrong email/fax/phone number",
		"Lender unable to find requested document",
	}
}

// counterReasons are why a lender counters.
func counterReasons() []string {
	return []string{
		"missing options", "Valuation omits the technology package", "Mileage on valuation is 4,000 over the odometer statement",
		"Comparable vehicles are outside of the market area", "Condition adjustment not supported by photos",
	}
}

func disputeReasons() []string {
	return []string{
		"Vehicle is not missing any options, verified in person.",
		"Mileage taken from the odometer photo at the yard; see document.",
		"Comparables are within 60 miles, see page 4 of the valuation report.",
	}
}

// followUpDocuments are the orders that a carrier places besides payoff and letter.
func followUpDocuments() []string {
	return []string{
		"Copy of Title", "Lien Release Letter", "Payment History", "Installment Contract", "Bill of Sale", "Repo Affidavit",
		"One and the Same Letter", "Title Status", "Payment Status",
	}
}
