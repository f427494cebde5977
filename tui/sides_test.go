package tui_test

import (
	"context"
	"net/http"
	"time"

	"claimdeck/action"
	"claimdeck/action/systems"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/sandbox/scalepoint"
	"claimdeck/state/config"
	"claimdeck/tui/screen"
)

// sides are the side systems of a rig: their sandboxes, and what talks to them.
type sides struct {
	center *claimcenter.Server
	office *scalepoint.Server
	open   *systems.Systems
}

// openSides gives the rig accounts of ClaimCenter and Scalepoint.
func (r *rig) openSides(deps *action.Deps) {
	const base = "http://127.0.0.1:2"
	r.sides.center = claimcenter.New(claimcenter.Options{Seed: 1, Now: r.now, Wait: wait, Prefix: "/cc"})
	r.sides.office = scalepoint.New(scalepoint.Options{Now: r.now, Wait: wait})
	mux := http.NewServeMux()
	mux.Handle("/cc/", r.sides.center)
	mux.Handle(claimcenter.TokenPath, r.sides.center)
	mux.Handle("/scalepoint/", http.StripPrefix("/scalepoint", r.sides.office))
	r.sides.open = systems.Open(systems.Options{
		Profile: config.Profile{
			Environment: config.Sandbox,
			ClaimCenter: config.ClaimCenterAccount{URL: base + "/cc", ClientID: "demo-client", Auth: "oauth", TokenURL: base + claimcenter.TokenPath},
			Scalepoint: config.ScalepointAccount{
				URL: base + "/scalepoint/self-service", ClientID: "demo-client", Auth: "secret", TokenURL: base + "/scalepoint/connect/token",
				Country: "dk", Tenant: "abcinsurance", Scope: scalepoint.Scope,
			},
		},
		Credentials: func(string) systems.Credentials {
			return func(context.Context) (string, string, error) { return "demo-client", "demo-secret", nil }
		},
		Memory: r.store, Transport: inProcess{mux}, Now: r.now, Wait: wait, UserAgent: "claimdeck/test",
	})
	r.tb.Cleanup(r.sides.open.Close)
	deps.Cases, deps.Reserves, deps.Unusable = r.sides.open.Cases, r.sides.open.Reserves, r.sides.open.Problem
}

// handSides hands the side systems to the screens, as the program does.
func (r *rig) handSides(env *screen.Env) {
	if r.sides.open == nil {
		return
	}
	env.Reserves = r.sides.open.Reserves
	env.Case = func(ctx context.Context, claimID string) (systems.Case, bool, error) {
		return systems.CaseOf(ctx, r.store, claimID)
	}
}

// reserve gives a claim reserves at ClaimCenter, in whole dollars for the vehicle and as many that wait for approval. It
// returns its id there.
func (r *rig) reserve(on screen.Subject, vehicle, waiting int) string {
	r.tb.Helper()
	return r.sides.center.AddClaim(claimcenter.ClaimSeed{
		Number: on.Number, Insured: "Dana Whitfield", Vehicle: vehicle, Waiting: waiting, Opened: r.now().Add(-9 * 24 * time.Hour),
	})
}

// centerReads is how often ClaimCenter was asked for reserves.
func (r *rig) centerReads() int {
	n := 0
	for _, c := range r.sides.center.Calls() {
		if c.Method == http.MethodGet {
			n++
		}
	}
	return n
}
