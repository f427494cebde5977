package cli

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	sandboxcc "claimdeck/sandbox/claimcenter"
	sandboxic "claimdeck/sandbox/inscipher"
	sandboxlx "claimdeck/sandbox/lossexpress"
	sandboxsp "claimdeck/sandbox/scalepoint"
	"claimdeck/state/config"
)

// The credentials of the sandbox: published, and good for nothing else.
const (
	sandboxID      = "demo-client"
	sandboxSecret  = "demo-secret"
	sandboxTenant  = "abcinsurance"
	sandboxCountry = "dk"
)

// Where the side systems are on the one address of the sandbox. LossExpress has the rest.
const (
	pathClaimCenter = "/cc"
	pathInsCipher   = "/inscipher"
	pathScalepoint  = "/scalepoint"
)

// sandboxes are the four remote systems on one loopback address.
type sandboxes struct {
	base  string
	loss  *sandboxlx.Server
	end   func()
	serve *http.Server
}

// startSandboxes serves all four systems on addr, with their seeded data.
func (p *Program) startSandboxes(ctx context.Context, addr string, o demoOptions) (*sandboxes, error) {
	return p.startSandboxesFor(ctx, addr, o, nil)
}

// startSandboxesFor is startSandboxes with certificates that are registered with Scalepoint.
func (p *Program) startSandboxesFor(ctx context.Context, addr string, o demoOptions, certificates []*x509.Certificate) (*sandboxes, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the sandbox cannot listen on %s: %w; choose another address with --addr", addr, err)
	}
	s := &sandboxes{base: "http://" + l.Addr().String()}
	s.loss = sandboxlx.New(sandboxlx.Options{
		Seed: 1, Now: p.Now, ClientID: sandboxID, Secret: sandboxSecret, PublicURL: s.base,
		Behaviour: sandboxlx.Behaviour{HostileStrings: o.hostile, TestVINDelay: 2 * time.Second},
	})
	s.loss.SeedDemo()
	if o.example {
		if err := addExample(s.loss, p.Now()); err != nil {
			s.loss.Close()
			return nil, errors.Join(err, l.Close())
		}
	}
	sides := newSides(sidesOptions{base: s.base, id: sandboxID, secret: sandboxSecret, certificates: certificates, now: p.Now})
	reserves(sides.center, s.loss)
	s.serve = &http.Server{Handler: sides.mux(s.loss), ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { _ = s.serve.Serve(l) }) // it ends with Close
	if !o.still {
		work.Go(func() { s.loss.Live(ctx, livePace(), p.wait) })
	}
	s.end = func() {
		stop()
		_ = s.serve.Close() // nothing depends on it any more
		s.loss.Close()
		work.Wait()
	}
	return s, nil
}

// sides are the sandboxes of the side systems.
type sides struct {
	center  *sandboxcc.Server
	filings *sandboxic.Server
	cases   *sandboxsp.Server
}

// sidesOptions say where the side systems are and whom they let in.
type sidesOptions struct {
	base         string // of the address that they share
	id, secret   string
	certificates []*x509.Certificate // registered with Scalepoint
	now          func() time.Time
}

func newSides(o sidesOptions) sides {
	return sides{
		center:  sandboxcc.New(sandboxcc.Options{Seed: 1, Now: o.now, Prefix: pathClaimCenter, ClientID: o.id, Secret: o.secret}),
		filings: sandboxic.New(sandboxic.Options{Now: o.now, APIKey: o.secret}),
		cases: sandboxsp.New(sandboxsp.Options{
			Now: o.now, ClientID: o.id, Secret: o.secret, Tenants: []string{sandboxTenant}, Certificates: o.certificates,
			Audience: o.base + pathScalepoint + sandboxsp.TokenPath,
		}),
	}
}

// mux puts the side systems beside LossExpress, each under its path.
func (s sides) mux(loss http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", loss)
	mux.Handle(pathClaimCenter+"/", s.center)
	mux.Handle(sandboxcc.TokenPath, s.center)
	mux.Handle(pathInsCipher+"/", http.StripPrefix(pathInsCipher, s.filings))
	mux.Handle(pathScalepoint+"/", http.StripPrefix(pathScalepoint, s.cases))
	return mux
}

// reserves gives the seeded LossExpress claims reserves at ClaimCenter: most cover the settlement, some do not.
func reserves(center *sandboxcc.Server, loss *sandboxlx.Server) {
	for i, raw := range loss.Truth() {
		var a struct {
			Type, ClaimNumber string
			CreatedAt         time.Time
			Data              struct {
				OwnersName       string
				SettlementAmount json.Number
			}
		}
		if json.Unmarshal(raw, &a) != nil || a.Type != "claim-created" || a.ClaimNumber == "" {
			continue
		}
		settlement, _ := a.Data.SettlementAmount.Float64() // none is none
		seed := sandboxcc.ClaimSeed{Number: a.ClaimNumber, Insured: a.Data.OwnersName, Opened: a.CreatedAt, Vehicle: int(settlement)}
		switch i % 5 {
		case 0:
			seed.Vehicle = int(settlement * 0.8) // less than is owed
		case 1:
			seed.Vehicle, seed.Waiting = int(settlement*0.9), int(settlement*0.2)
		default:
			seed.Vehicle = int(settlement*1.05) / 100 * 100
		}
		center.AddClaim(seed)
	}
}

// accounts is the profile of the sandbox.
func (s *sandboxes) accounts() config.Profile { return accountsAt(s.base, sandboxID) }

// accountsAt is the profile of sandboxes at an address.
func accountsAt(base, id string) config.Profile {
	return config.Profile{
		Environment: config.Sandbox,
		LossExpress: config.Account{URL: base, ClientID: id, Flavour: config.Carrier},
		ClaimCenter: config.ClaimCenterAccount{
			URL: base + pathClaimCenter, ClientID: id, Auth: "oauth", TokenURL: base + sandboxcc.TokenPath,
		},
		InsCipher: config.InsCipherAccount{URL: base + pathInsCipher, Auth: "header", Chunk: 50},
		Scalepoint: config.ScalepointAccount{
			URL: base + pathScalepoint + "/self-service", ClientID: id, Auth: "secret",
			TokenURL: base + pathScalepoint + sandboxsp.TokenPath, Country: sandboxCountry, Tenant: sandboxTenant,
		},
	}
}

// environment is what makes claimdeck use the sandbox, in the order of the systems.
func (s *sandboxes) environment() [][2]string {
	return append([][2]string{{"CLAIMDECK_PROFILE", "sandbox"}}, environmentOf(s.accounts(), sandboxSecret)...)
}

func environmentOf(a config.Profile, secret string) [][2]string {
	return [][2]string{
		{"CLAIMDECK_LOSSEXPRESS_URL", a.LossExpress.URL},
		{"CLAIMDECK_LOSSEXPRESS_CLIENT_ID", a.LossExpress.ClientID},
		{"CLAIMDECK_LOSSEXPRESS_SECRET", secret},
		{"CLAIMDECK_CLAIMCENTER_URL", a.ClaimCenter.URL},
		{"CLAIMDECK_CLAIMCENTER_CLIENT_ID", a.ClaimCenter.ClientID},
		{"CLAIMDECK_CLAIMCENTER_TOKEN_URL", a.ClaimCenter.TokenURL},
		{"CLAIMDECK_CLAIMCENTER_SECRET", secret},
		{"CLAIMDECK_INSCIPHER_URL", a.InsCipher.URL},
		{"CLAIMDECK_INSCIPHER_SECRET", secret},
		{"CLAIMDECK_SCALEPOINT_URL", a.Scalepoint.URL},
		{"CLAIMDECK_SCALEPOINT_TOKEN_URL", a.Scalepoint.TokenURL},
		{"CLAIMDECK_SCALEPOINT_CLIENT_ID", a.Scalepoint.ClientID},
		{"CLAIMDECK_SCALEPOINT_AUTH", a.Scalepoint.Auth},
		{"CLAIMDECK_SCALEPOINT_SECRET", secret},
		{"CLAIMDECK_SCALEPOINT_COUNTRY", a.Scalepoint.Country},
		{"CLAIMDECK_SCALEPOINT_TENANT", a.Scalepoint.Tenant},
	}
}
