package systems_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/action/systems"
	"claimdeck/api"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/sandbox/inscipher"
	"claimdeck/sandbox/scalepoint"
	"claimdeck/state/config"
)

func sides() []string { return []string{config.ClaimCenter, config.InsCipher, config.Scalepoint} }

func TestCheckLetsIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.ahead = 2 * time.Minute
	for _, system := range sides() {
		h, err := o.Check(t.Context(), system)
		if err != nil || h.Words == "" {
			t.Errorf("%s: %+v %v", system, h, err)
		}
		// Of a refusal, which is what InsCipher answers, the time is not known.
		if system != config.InsCipher && (!h.Timed || (h.Skew-o.ahead).Abs() > 5*time.Second) {
			t.Errorf("%s: the clock is %s off, want %s", system, h.Skew, o.ahead)
		}
	}
	if len(o.filings.Accepted()) != 0 {
		t.Error("a check filed something")
	}
}

func TestCheckRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.key = "guessed"
	for _, system := range sides() {
		if _, err := o.Check(t.Context(), system); !systems.SignedOut(err) || strings.Contains(err.Error(), "guessed") {
			t.Errorf("%s: %v", system, err)
		}
	}
}

func TestCheckOfASystemThatIsDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.center.Inject(claimcenter.Fault{Kind: claimcenter.FaultUnavailable, Times: -1})
	o.filings.Inject(inscipher.Fault{Kind: inscipher.FaultUnavailable, Times: -1})
	o.cases.Inject(scalepoint.Fault{Kind: scalepoint.FaultUnavailable, Times: -1})
	for _, system := range sides() {
		if _, err := o.Check(t.Context(), system); !errors.Is(err, api.ErrUnavailable) || systems.SignedOut(err) {
			t.Errorf("%s: %v", system, err)
		}
	}
}

func TestCheckOfNoAccount(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *office) {
		o.profile.ClaimCenter.URL, o.profile.InsCipher.URL, o.profile.Scalepoint.ClientID = "", "", ""
	})
	if o.Reserves != nil || o.Filings != nil || o.Cases != nil {
		t.Errorf("%+v", o.Systems)
	}
	for _, system := range append(sides(), config.LossExpress) {
		if _, err := o.Check(t.Context(), system); !errors.Is(err, systems.ErrNotConfigured) || o.Problem(system) != nil {
			t.Errorf("%s: %v", system, err)
		}
	}
	if err := systems.NotConfigured(config.InsCipher, "InsCipher"); !errors.Is(err, systems.ErrNotConfigured) || !strings.Contains(err.Error(), "claimdeck login inscipher") {
		t.Error(err)
	}
}

// One account that cannot be used as it is configured is its own problem.
func TestBadAccountLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*office){
		config.ClaimCenter: func(o *office) { o.profile.ClaimCenter.TokenURL = "" },
		config.InsCipher:   func(o *office) { o.profile.InsCipher.URL = "ftp://files.example.com" },
		config.Scalepoint:  func(o *office) { o.profile.Scalepoint.URL = "http://self-service.example.com" }, // not encrypted
	}
	for bad, spoil := range tests {
		t.Run(bad, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, spoil)
			if err := o.Problem(bad); err == nil {
				t.Fatal("it has no problem")
			}
			if _, err := o.Check(t.Context(), bad); !errors.Is(err, o.Problem(bad)) {
				t.Errorf("%v, want %v", err, o.Problem(bad))
			}
			for _, other := range slices.DeleteFunc(sides(), func(s string) bool { return s == bad }) {
				if _, err := o.Check(t.Context(), other); err != nil || o.Problem(other) != nil {
					t.Errorf("%s: %v", other, err)
				}
			}
		})
	}
}

func TestCheckOfScalepoint(t *testing.T) {
	t.Parallel()
	t.Run("without a tenant", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, func(o *office) { o.profile.Scalepoint.Tenant = "" })
		if _, err := o.Check(t.Context(), config.Scalepoint); err == nil || !strings.Contains(err.Error(), "--set country=dk --set tenant=") {
			t.Errorf("%v", err)
		}
	})
	t.Run("without a certificate", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, func(o *office) { o.profile.Scalepoint.Auth = "private_key_jwt" })
		if _, err := o.Check(t.Context(), config.Scalepoint); !systems.SignedOut(err) || !strings.Contains(err.Error(), "--set certificate=") {
			t.Errorf("%v", err)
		}
	})
	t.Run("with a clock that is wrong", func(t *testing.T) {
		t.Parallel()
		made, err := scalepoint.NewIdentity(time.Now())
		must(t, err)
		o := newOffice(t, func(o *office) {
			o.profile.Scalepoint.Auth, o.profile.Scalepoint.Certificate = "private_key_jwt", write(t, "acme.pem", made.Certificate)
			o.key = string(made.Key)
		})
		o.cases.Register(made.Parsed)
		o.ahead = -2 * time.Hour
		h, err := o.Check(t.Context(), config.Scalepoint)
		if !systems.SignedOut(err) || !h.Timed || (h.Skew-o.ahead).Abs() > 5*time.Second || !strings.Contains(err.Error(), "expired") {
			t.Errorf("%+v %v", h, err)
		}
	})
	t.Run("with a clock that nobody asks", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, func(o *office) { o.profile.Scalepoint.TokenURL = "http://127.0.0.1:1/connect/token" })
		h, err := o.Check(t.Context(), config.Scalepoint)
		if !errors.Is(err, api.ErrUnreachable) || h.Timed || h.Words != "" {
			t.Errorf("%+v %v", h, err)
		}
	})
}

// A person who ends it is not told that something is wrong.
func TestRefreshThatIsEndedIsNoProblem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := o.Reserves.Refresh(ctx, "c1", claimcenter.SampleNumber); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if v, err := o.Reserves.Stored(t.Context(), "c1"); err != nil || v.Problem != "" {
		t.Errorf("%+v %v", v, err)
	}
}
