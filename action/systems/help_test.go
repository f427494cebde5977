package systems_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/action/systems"
	"claimdeck/sandbox/claimcenter"
	"claimdeck/sandbox/inscipher"
	"claimdeck/sandbox/scalepoint"
	"claimdeck/state/config"
	"claimdeck/state/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The account that every sandbox lets in.
const (
	theID     = "ACME-7"
	theSecret = "the-right-one"
)

// office is a profile with an account of each side system, and the sandboxes behind them.
type office struct {
	*systems.Systems
	t       *testing.T
	center  *claimcenter.Server
	filings *inscipher.Server
	cases   *scalepoint.Server
	store   *store.Store
	profile config.Profile
	id, key string        // what the credentials are
	ahead   time.Duration // how far the clock of this machine is
}

// newOffice opens the systems of a profile that tweak has changed.
func newOffice(t *testing.T, tweak ...func(*office)) *office {
	t.Helper()
	o := &office{
		t: t, id: theID, key: theSecret,
		center:  claimcenter.New(claimcenter.Options{Seed: 1, Now: time.Now, Prefix: "/cc", ClientID: theID, Secret: theSecret}),
		filings: inscipher.New(inscipher.Options{Now: time.Now, APIKey: theSecret}),
		cases:   scalepoint.New(scalepoint.Options{Now: time.Now, ClientID: theID, Secret: theSecret}),
	}
	center, filings, cases := httptest.NewServer(o.center), httptest.NewServer(o.filings), httptest.NewServer(o.cases)
	for _, web := range []*httptest.Server{center, filings, cases} {
		t.Cleanup(web.Close)
	}
	o.profile = config.Profile{
		ClaimCenter: config.ClaimCenterAccount{URL: center.URL + "/cc", ClientID: theID, TokenURL: center.URL + claimcenter.TokenPath},
		InsCipher:   config.InsCipherAccount{URL: filings.URL, Auth: "header", Chunk: 25},
		Scalepoint: config.ScalepointAccount{
			URL: cases.URL + "/self-service", ClientID: theID, Auth: "secret", TokenURL: cases.URL + scalepoint.TokenPath,
			Scope: scalepoint.Scope, Country: "dk", Tenant: "abcinsurance",
		},
	}
	for _, change := range tweak {
		change(o)
	}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), store.Options{Now: o.now, NoSync: true})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	o.store = s
	o.Systems = systems.Open(systems.Options{
		Profile: o.profile, Memory: s, Now: o.now, Timeout: 5 * time.Second,
		Credentials: func(string) systems.Credentials {
			return func(context.Context) (string, string, error) { return o.id, o.key, nil }
		},
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	t.Cleanup(o.Close)
	return o
}

func (o *office) now() time.Time { return time.Now().Add(o.ahead) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write makes a file in a folder of the test.
func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, data, 0o600))
	return path
}
