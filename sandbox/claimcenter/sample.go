package claimcenter

import "time"

// The numbers of the claims that every Server has.
const (
	SampleID     = "demo_sample:1" // remote document: Querying for reserves
	SampleNumber = "235-53-365870"

	// UnreadableNumber is found by the search, but reading the claim is a 404.
	UnreadableNumber = "235-53-365889"
	// MixedNumber has a reserve of the whole claim, two currencies, an amount with four decimals and a negative one.
	MixedNumber = "235-53-425891"
	// ArchivedNumber is found by the search, as archived, and cannot be read.
	ArchivedNumber = "235-53-100017"
	// EmptyNumber has no reserves.
	EmptyNumber = "235-53-365900"
	// ColonNumber has colons, which a filter doubles.
	ColonNumber = "TX:2026:0007"
	// DoubleNumber belongs to two claims.
	DoubleNumber = "000-00-000777"
)

// firstID is below every id that AddClaim gives out; those of the samples are smaller.
const firstID = 5000

// sampleClaims returns the claims of the documents and their neighbours.
func sampleClaims() []*claim {
	plain := func(id, number, insured string) *claim {
		return &claim{id: id, number: number, insured: insured, state: stateOpen}
	}
	unreadable := plain("demo_sample:2", UnreadableNumber, "Bill Baker")
	unreadable.unreadable = true
	unreadable.sets = oneSet("cc:301", "Betty Baker", rayVehicle(), "cc:302", "6200.00")
	archived := plain("demo_sample:4", ArchivedNumber, "Old Mill LLC")
	archived.state = stateArchived
	colon := plain("demo_sample:6", ColonNumber, "Ana Duarte")
	colon.sets = oneSet("cc:331", "Andy Applegate", rayVehicle(), "cc:332", "9100.00")
	return []*claim{
		sampleClaim(), unreadable, mixedClaim(), archived, plain("demo_sample:5", EmptyNumber, "Nora Quist"), colon,
		plain("demo_sample:7", DoubleNumber, "Ray Newton"), plain("demo_sample:8", DoubleNumber, "Rae Newton"),
	}
}

func rayVehicle() *exposure {
	return &exposure{"demo_sample:10001", "(1) 1st Party Vehicle - Ray Newton", CoverageCollision}
}

// sampleClaim is the claim of the documents with its nine reserves, of which they print three, and one of those whole.
// The documents ask for the first by the id of its set, cc:17, and are answered cc:22.
func sampleClaim() *claim {
	vehicle := rayVehicle()
	medical := &exposure{"demo_sample:10002", "(2) 1st Party Med Pay - Ray Newton", Code{"PAMedPayCov", "Medical Payments"}}
	other := &exposure{"demo_sample:10003", "(3) 3rd Party Vehicle - Bo Simpson", Code{"PALiabilityCov", "Liability"}}
	set := &reserveSet{
		id: "cc:17", approval: approved, at: time.Date(2021, 8, 8, 7, 0, 0, 0, time.UTC), by: "Andy Applegate",
		reserves: []*reserve{
			usd("cc:22", "cc:56", vehicle, costClaim, categoryBody, "500.00", "Repairs"),
			usd("cc:36", "cc:70", vehicle, costExpense, categoryOther, "150.00", "Appraiser"),
			usd("cc:40", "cc:74", medical, costClaim, categoryMedical, "1200.00", "Emergency room"),
			usd("cc:41", "cc:75", medical, costExpense, categoryOther, "75.00", "Records"),
			usd("cc:42", "cc:76", other, costClaim, categoryBody, "2300.00", "Rear bumper and hatch"),
			usd("cc:43", "cc:77", other, costExpense, categoryOther, "150.00", "Appraiser"),
			usd("cc:44", "cc:78", other, costClaim, categoryRental, "420.00", "Fourteen days"),
			usd("cc:45", "cc:79", vehicle, costClaim, Code{"towing", "Towing"}, "185.00", "Tow to the yard"),
			usd("cc:46", "cc:80", vehicle, costClaim, categoryRental, "300.00", "Ten days"),
		},
	}
	return &claim{
		id: SampleID, number: SampleNumber, insured: "Ray Newton", state: stateOpen, sets: []*reserveSet{set},
		alias: map[string]string{"cc:17": "cc:22"},
	}
}

// mixedClaim has what sums can stumble over.
func mixedClaim() *claim {
	vehicle := &exposure{"demo_sample:10031", "(1) 1st Party Vehicle - Maude Tremblay", CoverageCollision}
	abroad := usd("cc:312", "cc:352", vehicle, costClaim, categoryBody, "1250.3750", "Glass, replaced in Windsor")
	abroad.currency, abroad.converted = "cad", "914.02"
	first := &reserveSet{
		id: "cc:310", approval: approved, at: time.Date(2026, 10, 5, 14, 30, 0, 0, time.UTC), by: "Betty Baker",
		reserves: []*reserve{
			usd("cc:311", "cc:351", vehicle, costClaim, categoryBody, "8000.00", "Actual cash value, first guess"),
			abroad,
			usd("cc:313", "cc:353", nil, costExpense, categoryOther, "600.00", "Counsel"),
		},
	}
	second := &reserveSet{
		id: "cc:314", approval: approved, at: time.Date(2026, 10, 19, 9, 5, 0, 0, time.UTC), by: "Betty Baker",
		reserves: []*reserve{usd("cc:315", "cc:355", vehicle, costClaim, categoryBody, "-750.50", "Prior damage")},
	}
	second.reserves[0].status = statusSubmitting
	return &claim{
		id: "demo_sample:3", number: MixedNumber, insured: "Maude Tremblay", state: stateOpen,
		sets: []*reserveSet{first, second},
	}
}

func usd(id, item string, e *exposure, costType, category Code, amount, comments string) *reserve {
	return &reserve{
		id: id, itemID: item, exposure: e, costType: costType, costCategory: category, amount: amount, currency: "usd",
		status: statusSubmitted, comments: comments,
	}
}

func oneSet(id, by string, e *exposure, reserveID, amount string) []*reserveSet {
	return []*reserveSet{{
		id: id, approval: approved, at: time.Date(2026, 11, 2, 16, 0, 0, 0, time.UTC), by: by,
		reserves: []*reserve{usd(reserveID, reserveID+"0", e, costClaim, categoryBody, amount, "Actual cash value")},
	}}
}
