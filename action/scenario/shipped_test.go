package scenario_test

import (
	"slices"
	"strings"
	"testing"

	"claimdeck/action/scenario"
	"claimdeck/sandbox/lossexpress"
)

// routes are those of the remote documents that every shipped set has to reach.
func routes() []string {
	return []string{
		"POST /oauth/token", "GET /activities", "POST /activities/trigger-activity/*", "POST /claims", "GET /claims/*", "PUT /claims/*",
		"GET /claims", "POST /claims/*/direct-messages", "POST /claims/documents/*", "GET /documents/*",
		"POST /claims/*/letter-of-guarantee-request", "DELETE /claims/*/letter-of-guarantee-request", "GET /claims/order-types",
		"POST /claims/*/orders", "DELETE /claims/*/cancel-orders", "POST /claims/*/payoff-sent", "POST /claims/*/payoff-request",
		"DELETE /claims/*/payoff-request", "POST /claims/*/settlement-counter", "POST /activities/webhook", "GET /activities/webhook-info",
		"PUT /carriers/deactivate-webhook", "POST /claims/*/orders/refresh",
	}
}

// TestShippedScenariosPass runs every shipped scenario against the sandbox over loopback, and holds that together they
// use every test VIN, every trigger and every route.
func TestShippedScenariosPass(t *testing.T) {
	t.Parallel()
	all, err := scenario.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, lossexpress.Behaviour{})
	var vins []string
	for _, sc := range all {
		t.Run(sc.Name, func(t *testing.T) {
			res, err := r.studio().Run(t.Context(), sc, scenario.Created{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != scenario.Passed {
				t.Errorf("%s: %s", res.Status, res.Words)
			}
			if len(res.Steps) != len(sc.Steps) || len(res.Created) == 0 {
				t.Errorf("%d of %d steps taken, %d claims created", len(res.Steps), len(sc.Steps), len(res.Created))
			}
			for _, c := range res.Created {
				vins = append(vins, c.VIN)
			}
		})
	}
	covers(t, r, vins)
}

// covers holds that every test VIN, every trigger and every route was used.
func covers(t *testing.T, r *rig, vins []string) {
	t.Helper()
	for _, e := range scenario.TestVINs() {
		if !slices.Contains(vins, e.VIN) {
			t.Errorf("no scenario uses the test VIN %s (%s)", e.VIN, e.Name)
		}
	}
	var fired []string
	for _, w := range r.sandbox.Writes() {
		if w.Kind == lossexpress.WroteTrigger {
			fired = append(fired, w.Detail)
		}
	}
	for _, e := range scenario.Triggers() {
		if !slices.Contains(fired, string(e.Activity)) {
			t.Errorf("no scenario fires the trigger %s", e.Activity)
		}
	}
	for _, route := range routes() {
		if !r.noted(route) {
			t.Errorf("no scenario reaches %s", route)
		}
	}
}

// TestEffectsAreThoseOfTheService: the data is what the typed client and the sandbox know.
func TestEffectsAreThoseOfTheService(t *testing.T) {
	t.Parallel()
	if n, m := len(scenario.TestVINs()), len(scenario.Triggers()); n != 8 || m != 9 {
		t.Fatalf("%d test VINs and %d triggers", n, m)
	}
	for _, e := range scenario.Triggers() {
		for _, ref := range []string{e.Name, string(e.Activity), strings.ToUpper(e.Name)} {
			if got, ok := scenario.FindTrigger(ref); !ok || got != e {
				t.Errorf("FindTrigger(%q) = %v, %v", ref, got, ok)
			}
		}
		_, isVIN := scenario.FindVIN(e.Name)
		if isVIN != (e.VIN != "") {
			t.Errorf("%s is a test VIN: %v", e.Name, isVIN)
		}
	}
	if _, ok := scenario.FindVIN(""); ok {
		t.Error("nothing is a test VIN")
	}
}

// TestNotOnThisMachine: what needs a service that can call back is skipped elsewhere, with the reason.
func TestNotOnThisMachine(t *testing.T) {
	t.Parallel()
	r := newRig(t, lossexpress.Behaviour{})
	r.options.Client = r.remote(t)
	res := r.run(t, "name = \"x\"\nneeds = \"loopback\"\n[[step]]\ncreate = \"plain\"\n")
	if res.Status != scenario.Skipped || !strings.Contains(res.Words, "not on this machine") || len(r.sandbox.Writes()) != 0 {
		t.Errorf("%s: %s", res.Status, res.Words)
	}
}
