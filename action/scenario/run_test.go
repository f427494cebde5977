package scenario_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"claimdeck/action/scenario"
	"claimdeck/sandbox/lossexpress"
)

// TestFailuresAreReportedAsWhatTheyAre: each way in which a scenario can fail says what happened.
func TestFailuresAreReportedAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	const head = "name = \"x\"\n[[step]]\ncreate = \"plain\"\n[[step]]\n"
	r := newRig(t, lossexpress.Behaviour{})
	r.options.Within = 150 * time.Millisecond
	for name, c := range map[string]struct{ toml, want string }{
		"no activity":        {head + "wait = \"call-made\"\n", "step 2, wait call-made: call-made did not come in 0.1 s; what came: claim-created"},
		"another value":      {head + "wait = \"claim-created\"\nwhere = {\"data.deductible\" = 1}\n", "claim-created came, but data.deductible is 400, it should be 1"},
		"a missing value":    {head + "wait = \"claim-created\"\nhas = [\"data.moon\"]\n", "claim-created came, but data.moon is not there"},
		"taken already":      {head + "wait = \"claim-created\"\n[[step]]\nwait = \"claim-created\"\n", "step 3, wait claim-created: claim-created did not come"},
		"the claim":          {head + "claim = {financeType = \"Lease\"}\n", `financeType is "Retail", it should be "Lease", also after 0.1 s`},
		"an answer":          {head + "call = \"claim.search\"\nargs = {claimNumber = \"${number}\"}\nwhere = {\"claims[0].vin\" = \"x\"}\n", "claims[0].vin is \"1M8GDM9AXKP042788\", it should be \"x\""},
		"a refusal":          {head + "act = \"payoff.request\"\n", "refused (400): Claim is missing one or more required documents"},
		"not refused":        {head + "trigger = \"call\"\nrefused = {status = 400}\n", "it was accepted, but it has to be refused"},
		"refused otherwise":  {head + "act = \"payoff.request\"\nrefused = {status = 404}\n", "status 404 was expected"},
		"other words":        {head + "act = \"payoff.request\"\nrefused = {status = 400, text = \"moon\"}\n", `"moon" was expected`},
		"nothing to keep":    {head + "wait = \"claim-created\"\nkeep = {moon = \"data.moon\"}\n", "data.moon is not there, ${moon} was to be kept from it"},
		"no such order":      {head + "act = \"order.cancel\"\nvalues = {orderIds = [\"${order.0}\"]}\n", "${order.0} is not known yet"},
		"before a claim":     {"name = \"x\"\n[[step]]\nwait = \"call-made\"\n", "there is no claim to watch"},
		"acting before one":  {"name = \"x\"\n[[step]]\nact = \"payoff.request\"\n", "there is no claim yet"},
		"an invalid value":   {head + "act = \"order.create\"\nvalues = {types = [\"Moon\"]}\n", "refused before it was sent: \"Moon\" is not offered"},
		"no webhook":         {"name = \"x\"\nneeds = \"loopback\"\n[[step]]\ndelivered = \"call-made\"\n", "no webhook was registered"},
		"nothing delivered":  {head + "call = \"webhook.register\"\nargs = {endpoint = \"${receiver}\"}\n[[step]]\ndelivered = \"call-made\"\n", "call-made was not delivered in 0.1 s; what came: direct-message-added"},
		"a field's bad form": {head + "create = \"plain\"\nfields = {deductible = \"many\"}\n", "its fields cannot be sent"},
	} {
		t.Run(name, func(t *testing.T) {
			res := r.run(t, c.toml+"[[step]]\ncreate = \"plain\"\n")
			if res.Status != scenario.Failed || !strings.Contains(res.Words, c.want) {
				t.Errorf("%s: %s\nwant %s", res.Status, res.Words, c.want)
			}
			last := res.Steps[len(res.Steps)-1]
			if last.Status != scenario.Skipped || len(res.Created) > 1 {
				t.Errorf("the step after the failure is %s, %d claims created", last.Status, len(res.Created))
			}
		})
	}
}

// TestServiceFailures: a feed that fails for a moment is asked again, one that refuses is not.
func TestServiceFailures(t *testing.T) {
	t.Parallel()
	const toml = "name = \"x\"\n[[step]]\ncreate = \"call\"\n[[step]]\nwait = \"call-made\"\n"
	r := newRig(t, lossexpress.Behaviour{})
	r.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultForbidden, Method: http.MethodGet, PathPrefix: "/activities"})
	if res := r.run(t, toml); res.Status != scenario.Failed || !strings.Contains(res.Words, "wait call-made") {
		t.Errorf("%s: %s", res.Status, res.Words)
	}
	r.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultTruncated, Method: http.MethodGet, PathPrefix: "/activities", Times: 1})
	if res := r.run(t, toml); res.Status != scenario.Passed {
		t.Errorf("%s: %s", res.Status, res.Words)
	}
}

// TestDelayedEffect: the time from the cause to the arrival is told.
func TestDelayedEffect(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{TestVINDelay: 300 * time.Millisecond})
	res := r.run(t, "name = \"x\"\n[[step]]\ncreate = \"call\"\n[[step]]\nwait = \"call-made\"\n")
	if res.Status != scenario.Passed || res.Steps[1].After < 250*time.Millisecond || res.Steps[1].Activity == nil {
		t.Errorf("%s: %s, after %s", res.Status, res.Words, res.Steps[1].After)
	}
}

func TestProductionIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	r.options.Production = true
	_, err := r.studio().Run(t.Context(), scenario.OfVIN(scenario.TestVINs()[0]), scenario.Created{}, nil)
	if !errors.Is(err, scenario.ErrProduction) || len(r.sandbox.Writes()) != 0 {
		t.Errorf("error %v, %d writes reached the service", err, len(r.sandbox.Writes()))
	}
}

func TestUnknownActionsAreFoundBeforeARun(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	for toml, want := range map[string]string{
		"name = \"x\"\n[[step]]\ncreate = \"plain\"\n[[step]]\nact = \"order.crate\"\n":            `s.toml:4: act "order.crate" is not an action`,
		"name = \"x\"\n[[step]]\nact = \"order.create\"\nvalues = {kinds = [\"Copy of Title\"]}\n": `s.toml:2: act order.create does not take "kinds"`,
	} {
		sc, err := scenario.Parse("s.toml", []byte(toml))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.studio().Begin(sc, scenario.Created{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if n := len(r.sandbox.Writes()); n != 0 {
		t.Errorf("%d writes reached the service", n)
	}
}

// TestTriggerOnAnOldClaim: what is in the feed of the claim already is no answer to the trigger.
func TestTriggerOnAnOldClaim(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	r.options.Within = 200 * time.Millisecond
	id := r.sandbox.AddClaim(lossexpress.ClaimSeed{ClaimNumber: "EX-1"})
	if err := r.sandbox.Trigger(id, "call-made"); err != nil {
		t.Fatal(err)
	}
	on := scenario.Created{ClaimID: id, Number: "EX-1"}
	call, _ := scenario.FindTrigger("call")
	res, err := r.studio().Run(t.Context(), scenario.OfTrigger(call), on, nil)
	if err != nil || res.Status != scenario.Passed {
		t.Fatalf("%s: %s, %v", res.Status, res.Words, err)
	}
	r.sandbox.Inject(lossexpress.Fault{Kind: lossexpress.FaultNotFound, PathPrefix: "/activities/trigger-activity"})
	res, err = r.studio().Run(t.Context(), scenario.OfTrigger(call), on, nil)
	if err != nil || res.Status != scenario.Failed {
		t.Errorf("%s: %s, %v", res.Status, res.Words, err)
	}
}

func TestStoppingARun(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{TestVINDelay: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	began := time.Now()
	r.options.Within = time.Minute
	r.options.Wait = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	res, err := r.studio().Run(ctx, scenario.OfVIN(scenario.TestVINs()[0]), scenario.Created{}, nil)
	if err != nil || res.Status != scenario.Failed || !strings.Contains(res.Words, "canceled") || time.Since(began) > 20*time.Second {
		t.Errorf("%s: %s, %v", res.Status, res.Words, err)
	}
}

// TestAWebhookInForceIsNotReplaced: somebody listens already, so the scenario is skipped.
func TestAWebhookInForceIsNotReplaced(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	const register = "name = \"x\"\n[[step]]\ncreate = \"plain\"\n[[step]]\ncall = \"webhook.register\"\nargs = {endpoint = \"${receiver}\"}\n"
	if res := r.run(t, register); res.Status != scenario.Passed {
		t.Fatalf("%s: %s", res.Status, res.Words)
	}
	res := r.run(t, register+"[[step]]\ncall = \"webhook.off\"\n")
	if res.Status != scenario.Skipped || !strings.Contains(res.Words, "a webhook is registered at http://127.0.0.1") {
		t.Errorf("%s: %s", res.Status, res.Words)
	}
	info, err := r.options.Client.Webhook(t.Context())
	if err != nil || !info.Verified {
		t.Errorf("the webhook in force was touched: %+v, %v", info, err)
	}
}

func TestWrongSignatureFails(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	r.options.ClientID = "somebody-else"
	all, err := scenario.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range all {
		if sc.Name != "webhook" {
			continue
		}
		res, err := r.studio().Run(t.Context(), sc, scenario.Created{}, nil)
		if err != nil || res.Status != scenario.Failed || !strings.Contains(res.Words, "signature") {
			t.Errorf("%s: %s, %v", res.Status, res.Words, err)
		}
	}
}

func TestFieldsOfTheStudio(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	r.options.Fields = map[string]any{"lenderName": "Chase", "odometer": scenario.FieldValue("odometer", "9")}
	res := r.run(t, "name = \"x\"\n[[step]]\ncreate = \"plain\"\n[[step]]\nclaim = {lenderName = \"Chase\", odometer = 9}\n")
	if res.Status != scenario.Passed {
		t.Errorf("%s: %s", res.Status, res.Words)
	}
}
