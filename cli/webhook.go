package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/outbox"
	"claimdeck/state/webhook"
)

// webhook is the noun of what LossExpress pushes.
func (p *Program) webhook(acts *action.Registry) *cobra.Command {
	return noun("webhook", "Let LossExpress push activities, and receive them",
		p.webhookRegister(acts), p.webhookShow(), p.webhookOff(acts), p.webhookListen())
}

func (p *Program) webhookRegister(acts *action.Registry) *cobra.Command {
	cmd := p.verbTold(acts, "webhook.register", "claimdeck webhook register https://hooks.example.com/claimdeck\n"+
		"claimdeck webhook register http://127.0.0.1:8791/ --types payoff-data-added,settlement-counter-added", p.tellRegistration)
	cmd.Short = "Make LossExpress post every activity to URL"
	cmd.Long = "Registers URL. LossExpress first posts a test there and wants it answered with 200, so the listener must run:\n" +
		"claimdeck webhook listen on this machine and profile knows of the registration and answers the test.\n" +
		"Every registration makes a new key; there is one webhook an account, and a new one replaces it."
	return cmd
}

// registering tells the listeners of this machine about a registration, before and after; see action.Deps.
func (s *session) registering(now func() time.Time) func(ctx context.Context) (func(lossexpress.Registration), error) {
	return func(ctx context.Context) (func(lossexpress.Registration), error) {
		mark := webhook.Registration{ID: uuid.NewString(), Began: now()}
		if err := s.store.SetSetting(ctx, registrationSetting, mark.Text()); err != nil {
			return nil, err
		}
		return func(answer lossexpress.Registration) {
			mark.Ended = now()
			err := s.store.SetSetting(context.WithoutCancel(ctx), registrationSetting, mark.Text())
			if err != nil {
				s.log.Warn("listeners were not told that a webhook registration ended", "error", err)
			}
			if s.registered != nil {
				s.registered(answer, err)
			}
		}, nil
	}
}

// tellRegistration tells how a registration ended: with the answer of the service, when there was one.
func (p *Program) tellRegistration(s *session) func(outbox.Entry) error {
	var answer lossexpress.Registration
	s.registered = func(a lossexpress.Registration, untold error) {
		if answer = a; untold != nil {
			p.narrate("listeners on this machine were not told that the registration ended: %s", untold)
		}
	}
	return func(e outbox.Entry) error {
		in, err := action.DecodeInput(e.Input)
		if err != nil {
			return err
		}
		v := registrationView{Success: answer.Success, StatusCode: answer.StatusCode, Endpoint: strings.Join(in["endpoint"], "")}
		done := e.State == outbox.Accepted || e.State == outbox.Confirmed
		if done { // also one that was seen only when it was looked for
			v.Success, v.StatusCode = true, http.StatusOK
		}
		if p.json && (done || answer.Status != 0) {
			if err := p.printJSON(v); err != nil {
				return err
			}
		}
		if !done {
			return notRegistered(e)
		}
		if p.json {
			return nil
		}
		return p.print("registered " + v.Endpoint + ": its test was answered with 200")
	}
}

// registrationView is the answer to a registration as --json prints it.
type registrationView struct {
	Success    bool   `json:"success"`
	StatusCode int    `json:"statusCode"`
	Endpoint   string `json:"endpoint"`
}

// notRegistered is why a registration failed, or what to do about one in doubt.
func notRegistered(e outbox.Entry) error {
	if e.State == outbox.Unknown {
		return &exit{exitUnknown, fmt.Errorf("%w; whether the webhook is registered: claimdeck webhook show", verdict(e))}
	}
	return &exit{code(verdict(e)), errors.New(reason(e))}
}

// webhookView is the webhook as show prints it.
type webhookView struct {
	Registered bool     `json:"registered"`
	Endpoint   string   `json:"endpoint,omitempty"`
	Verified   bool     `json:"verified"`
	APIKey     string   `json:"apiKey,omitempty"`
	Types      []string `json:"types"`
}

func (p *Program) webhookShow() *cobra.Command {
	reveal := false
	cmd := &cobra.Command{
		Use: "show", Short: "Print where LossExpress posts activities, and whether it does", Example: "claimdeck webhook show --json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			info, found, err := s.webhookInfo(cmd.Context())
			if err != nil {
				return err
			}
			v := webhookView{Registered: found, Endpoint: info.Endpoint, Verified: info.Verified, APIKey: mask(info.APIKey.Reveal()), Types: info.Types}
			if reveal {
				s.log.Info("the webhook's key was revealed")
				v.APIKey = info.APIKey.Reveal()
			}
			return p.printWebhook(v)
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show the key that signs the deliveries")
	return cmd
}

func (p *Program) printWebhook(v webhookView) error {
	if v.Types == nil {
		v.Types = []string{}
	}
	switch {
	case p.json:
		return p.printJSON(v)
	case !v.Registered:
		return p.print("no webhook is registered; claimdeck webhook register URL does it")
	}
	verified, types := "no: it does not deliver; register it again", "all"
	if v.Verified {
		verified = "yes"
	}
	if len(v.Types) > 0 {
		types = strings.Join(v.Types, ", ")
	}
	return p.print(fmt.Sprintf("endpoint  %s\nverified  %s\ntypes     %s\napi key   %s", v.Endpoint, verified, types, v.APIKey))
}

func (p *Program) webhookOff(acts *action.Registry) *cobra.Command {
	cmd := p.verbTold(acts, "webhook.off", "claimdeck webhook off", func(*session) func(outbox.Entry) error { return p.tellOff })
	cmd.Short = "Switch the webhook off; registering switches it on again"
	return cmd
}

func (p *Program) tellOff(e outbox.Entry) error {
	switch {
	case e.State != outbox.Accepted && e.State != outbox.Confirmed:
		return verdict(e)
	case !action.WasRegistered(e):
		return p.sayOff("no webhook is registered")
	}
	return p.sayOff("the webhook is off")
}

func (p *Program) sayOff(words string) error {
	if p.json {
		return p.printJSON(map[string]bool{"active": false})
	}
	return p.print(words)
}

// webhookInfo reads the webhook; found is false when none was ever registered.
func (s *session) webhookInfo(ctx context.Context) (info lossexpress.WebhookInfo, found bool, err error) {
	info, err = s.account.Client().Webhook(ctx)
	if errors.Is(err, api.ErrNotFound) {
		return lossexpress.WebhookInfo{}, false, nil
	}
	return info, err == nil && info.Endpoint != "", err
}

// loopback reports whether a host is this machine whatever the network.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
