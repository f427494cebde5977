package scenario

import (
	"slices"
	"strings"

	"claimdeck/state/activity"
)

// Effect is what LossExpress does on request in its testing phase: when a claim is created with a test VIN, or when
// a trigger is fired on a claim (remote documents: Test VINs; Trigger Activities).
type Effect struct {
	Name     string // how a person calls it: "payoff"
	About    string // what LossExpress does: "LossExpress attaches payoff information"
	VIN      string // the test VIN that causes it; empty: there is none
	Activity activity.Type
}

// effects are the documented ones, those with a test VIN first. VINs are data, not code: the documents changed them
// before, and several fail their own check digit.
var effects = [...]Effect{
	{"message", "LossExpress sends a direct message", "JHMGE8H35DC074448", activity.DirectMessageAdded},
	{"payoff", "LossExpress attaches payoff information", "JHMGE8H35DC075558", activity.PayoffDataAdded},
	{"update", "LossExpress corrects the claim", "JHMGE8H35DC076668", activity.ClaimUpdated},
	{"call", "LossExpress calls the lender", "1GCHC29U62E142306", activity.CallMade},
	{"document", "LossExpress attaches a document", "1GCHC29U62E147776", activity.DocumentAdded},
	{"sent", "LossExpress sends a document to the lender", "JHMFA36246S006140", activity.DocumentSentToLender},
	{"guarantee", "LossExpress attaches a letter of guarantee", "JN1CV6AP7CM621670", activity.LetterOfGuaranteeAdded},
	{"counter", "The lender counters the settlement", "1FAHP3EN7BW114135", activity.SettlementCounterAdded},
	{"payoff-cancel", "LossExpress cancels the payoff request", "", activity.PayoffRequestCancelled},
}

// TestVINs returns the eight effects that a test VIN causes.
func TestVINs() []Effect {
	return slices.DeleteFunc(slices.Clone(effects[:]), func(e Effect) bool { return e.VIN == "" })
}

// Triggers returns the nine effects that can be fired on a claim.
func Triggers() []Effect { return slices.Clone(effects[:]) }

// FindVIN returns the effect of a test VIN, by its name, the VIN or the type of activity it causes.
func FindVIN(ref string) (Effect, bool) { return find(TestVINs(), ref) }

// FindTrigger returns a trigger by its name or its activity type.
func FindTrigger(ref string) (Effect, bool) { return find(Triggers(), ref) }

func find(all []Effect, ref string) (Effect, bool) {
	i := slices.IndexFunc(all, func(e Effect) bool {
		return strings.EqualFold(e.Name, ref) || strings.EqualFold(e.VIN, ref) && ref != "" || string(e.Activity) == strings.ToLower(ref)
	})
	if i < 0 {
		return Effect{}, false
	}
	return all[i], true
}

// OfVIN is the scenario of one test VIN: a claim is created with it, and its activity has to arrive.
func OfVIN(e Effect) Scenario {
	return Scenario{
		person: true, Name: "vin " + e.Name, About: e.About + " on a new claim with VIN " + e.VIN,
		Steps: []Step{{Kind: Create, What: e.Name}, {Kind: Wait, What: string(e.Activity)}},
	}
}

// OfTrigger is the scenario of one trigger on the claim that the run is begun on: its activity has to arrive.
func OfTrigger(e Effect) Scenario {
	return Scenario{
		person: true, Name: "trigger " + e.Name, About: e.About,
		Steps: []Step{{Kind: Trigger, What: string(e.Activity)}, {Kind: Wait, What: string(e.Activity)}},
	}
}
