package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/webhook"
)

// webhook is the noun of what LossExpress pushes.
func (p *Program) webhook() *cobra.Command {
	return noun("webhook", "Let LossExpress push activities, and receive them",
		p.webhookRegister(), p.webhookShow(), p.webhookOff(), p.webhookListen())
}

func (p *Program) webhookRegister() *cobra.Command {
	var types []string
	cmd := &cobra.Command{
		Use:   "register URL",
		Short: "Make LossExpress post every activity to URL",
		Long: "Registers URL. LossExpress first posts a test there and wants it answered with 200, so the listener must run:\n" +
			"claimdeck webhook listen on this machine and profile knows of the registration and answers the test.\n" +
			"Every registration makes a new key; there is one webhook an account, and a new one replaces it.",
		Example: "claimdeck webhook register https://hooks.example.com/claimdeck\n" +
			"claimdeck webhook register http://127.0.0.1:8791/ --types payoff-data-added,settlement-counter-added",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return p.registerWebhook(cmd.Context(), args[0], types) },
	}
	cmd.Flags().StringSliceVar(&types, "types", nil, "the types to post, separated by commas (default: all)")
	return cmd
}

func (p *Program) registerWebhook(ctx context.Context, endpoint string, types []string) error {
	if err := p.checkEndpoint(endpoint, types); err != nil {
		return err
	}
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	mark := webhook.Registration{ID: uuid.NewString(), Began: p.Now()}
	if err := s.store.SetSetting(ctx, registrationSetting, mark.Text()); err != nil {
		return err
	}
	answer, err := s.account.Client().RegisterWebhook(ctx, endpoint, types...)
	mark.Ended = p.Now()
	if err := s.store.SetSetting(context.WithoutCancel(ctx), registrationSetting, mark.Text()); err != nil {
		p.narrate("listeners on this machine were not told that the registration ended: %s", err)
	}
	switch e, known := api.AsError(err); {
	case known && e.Uncertain():
		return &exit{exitUnknown, fmt.Errorf("%w; whether the webhook is registered: claimdeck webhook show", err)}
	case err != nil:
		return err
	}
	return p.tellRegistration(endpoint, answer)
}

// checkEndpoint refuses what no service can post to, and warns of what few can.
func (p *Program) checkEndpoint(endpoint string, types []string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return usage("%q is not an address to post to, such as https://hooks.example.com/claimdeck", endpoint)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		p.narrate("warning: %s is plain http: everybody on the way reads the claims. Put a proxy with TLS in front and register https", endpoint)
	}
	for _, t := range types {
		if t != "all" && !slices.Contains(activity.Types(), activity.Type(t)) {
			p.narrate("warning: %q is no type that LossExpress documents; claimdeck feed --help says how types are written", t)
		}
	}
	return nil
}

func (p *Program) tellRegistration(endpoint string, answer lossexpress.Registration) error {
	if p.json {
		view := struct {
			Success    bool   `json:"success"`
			StatusCode int    `json:"statusCode"`
			Endpoint   string `json:"endpoint"`
		}{answer.Success, answer.StatusCode, endpoint}
		if err := p.printJSON(view); err != nil {
			return err
		}
	}
	if !answer.Success {
		got := fmt.Sprintf("it answered %d", answer.StatusCode)
		if answer.StatusCode == 0 {
			got = "there was no answer"
		}
		return fmt.Errorf("LossExpress posted a test to %s and wants 200, but %s: is claimdeck webhook listen running there, with this profile? "+
			"The webhook does not deliver until it is registered again", endpoint, got)
	}
	if p.json {
		return nil
	}
	return p.print("registered " + endpoint + ": its test was answered with 200")
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

func (p *Program) webhookOff() *cobra.Command {
	return &cobra.Command{
		Use: "off", Example: "claimdeck webhook off", Short: "Switch the webhook off; registering switches it on again", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			_, err = s.account.Client().DeactivateWebhook(cmd.Context())
			switch {
			case errors.Is(err, api.ErrNotFound):
				err = p.sayOff("no webhook is registered")
			case err == nil:
				err = p.sayOff("the webhook is off")
			}
			return err
		},
	}
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
