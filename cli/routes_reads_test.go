package cli_test

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/keymap"
	sandboxlx "claimdeck/sandbox/lossexpress"
)

// nowhere is the id of nothing.
const nowhere = "00000000-0000-4000-8000-000000000000"

// routes is the table.
func routes() []route {
	return slices.Concat(accountRoutes(), claimRoutes(), documentRoutes(), orderRoutes(), payoffRoutes(), guaranteeRoutes(),
		refreshRoutes(), webhookRoutes())
}

// onClaim are arguments that begin with the claim.
func onClaim(args ...string) func(*desk) []string {
	return func(*desk) []string { return append([]string{"EX-1001"}, args...) }
}

func arguments(args ...string) func(*desk) []string { return func(*desk) []string { return args } }

// accountRoutes are those about no claim.
func accountRoutes() []route {
	return []route{
		{
			number: 1, request: "POST /oauth/token", method: (*lossexpress.Client).Token,
			call: func(d *desk) (string, error) {
				token, err := d.client.Token(d.t.Context())
				if err != nil {
					return "", err
				}
				return token.TokenType + fmt.Sprint(token.Expiry.IsZero()), nil
			},
			want: "Bearerfalse", answer: []string{"access_token", "token_type", "expires_in"},
			fails: []refusal{{401, "client id or secret refused (Your API key is wrong.)", api.ErrUnauthorized, func(d *desk) error {
				d.service.Change(func(b *sandboxlx.Behaviour) { b.TokenRefused = true })
				_, err := d.client.Token(d.t.Context())
				return err
			}}},
			odd:  map[int]oddity{403: {api.ErrUnauthorized}},
			verb: "status", args: arguments(), place: place{keys: []keymap.ID{keymap.AppSignIn}},
		},
		{
			number: 2, request: "GET /activities", method: (*lossexpress.Client).Activities,
			call: func(d *desk) (string, error) {
				page, err := d.client.Activities(d.t.Context(), lossexpress.ActivityQuery{ClaimID: d.bare, Types: []string{"claim-created"}})
				return fmt.Sprint(len(page.Results), " of ", page.TotalResults), err
			},
			want: "1 of 1", answer: []string{"requestUrl", "results.0.activityId", "pagination.pageSize", "pagination.page", "pagination.totalPages", "pagination.totalResults"},
			fails: []refusal{
				{400, "pageSize must be less than or equal to 500", api.ErrInvalid, func(d *desk) error {
					_, err := d.client.Activities(d.t.Context(), lossexpress.ActivityQuery{PageSize: 501})
					return err
				}},
				{400, "exclusive peers [activityId, createdBefore]", api.ErrInvalid, func(d *desk) error {
					return d.spoiled("activityId="+nowhere+"&createdBefore=2026-11-20T00%3A00%3A00.000Z", "", func() error {
						_, err := d.client.Activities(d.t.Context(), lossexpress.ActivityQuery{})
						return err
					})
				}},
			},
			verb: "feed", args: arguments("--since", "1h"), place: place{keys: []keymap.ID{keymap.ScreenActivity, keymap.AppRetryFeed}},
		},
		{
			number: 25, request: "GET /lenders", method: (*lossexpress.Client).Lenders,
			call: func(d *desk) (string, error) {
				lenders, err := d.client.Lenders(d.t.Context(), lossexpress.LenderQuery{Name: "ally", IntegratedPayoffOnly: true, CustomerAuthorization: new(false)})
				var words []string
				for _, l := range lenders {
					words = append(words, fmt.Sprint(l.LenderName, l.Aliases, l.IntegratedPayoff, l.LenderID != ""))
				}
				return strings.Join(words, "; "), err
			},
			want:   "Ally Financial[Ally Bank Ally Auto] true true",
			answer: []string{"lenders.0.lenderId", "lenders.0.lenderName", "lenders.0.aliases", "lenders.0.integratedPayoff", "requestUrl"},
			fails: []refusal{{400, "name length must be at least 3 characters long", api.ErrInvalid, func(d *desk) error {
				return d.spoiled("name=al", "", func() error {
					_, err := d.client.Lenders(d.t.Context(), lossexpress.LenderQuery{Name: "ally"})
					return err
				})
			}}},
			verb: "lender search", args: arguments("ally"),
			place: place{asks: "claim.create", with: func(*desk) []string { return append(carrierClaim("EX-9001")[2:], "--dry-run") }},
		},
	}
}

// triggerKeys are the keys of the nine triggers.
func triggerKeys() []keymap.ID {
	return []keymap.ID{
		keymap.SandboxTriggerMessage, keymap.SandboxTriggerPayoff, keymap.SandboxTriggerUpdate, keymap.SandboxTriggerCall,
		keymap.SandboxTriggerDocument, keymap.SandboxTriggerSent, keymap.SandboxTriggerGuarantee, keymap.SandboxTriggerCounter,
		keymap.SandboxTriggerPayoffCancel,
	}
}

// claimRoutes are those of claims themselves.
func claimRoutes() []route {
	trigger := func(claimID, activityType string) func(d *desk) error {
		return func(d *desk) error {
			if claimID == "" {
				claimID = d.claim
			}
			_, err := d.client.TriggerActivity(d.t.Context(), claimID, activityType)
			return err
		}
	}
	return []route{
		{
			number: 3, request: "POST /activities/trigger-activity/{claimId}", method: (*lossexpress.Client).TriggerActivity,
			call: func(d *desk) (string, error) {
				for _, kind := range lossexpress.TriggerTypes() {
					if err := trigger(d.claim, kind)(d); err != nil {
						return kind, err
					}
				}
				return fmt.Sprint(len(d.service.Writes())), nil
			},
			want: "9", answer: []string{"success"}, // its answer is not documented
			fails: []refusal{
				{400, "activityType must be one of", api.ErrInvalid, trigger("", "moon-landed")},
				{403, "This claim is not available during testing.", api.ErrForbidden, nil},
				{404, "Claim does not exist.", api.ErrNotFound, trigger(nowhere, "call-made")},
			},
			verb: "sandbox trigger", args: onClaim("call-made"), place: place{keys: triggerKeys()},
		},
		createRoute(), readRoute(), updateRoute(), searchRoute(),
		{
			number: 8, request: "POST /claims/{claimId}/direct-messages", method: (*lossexpress.Client).SendMessage,
			call: func(d *desk) (string, error) {
				ack, err := d.client.SendMessage(d.t.Context(), d.claim, "Please go on.")
				return fmt.Sprint(ack.ClaimID == d.claim), err
			},
			want: "true", answer: []string{"claimId", "message"},
			fails: []refusal{{400, "message is not allowed to be empty", api.ErrInvalid, func(d *desk) error {
				return d.spoiled("", `{"message":""}`, func() error {
					_, err := d.client.SendMessage(d.t.Context(), d.claim, "Please go on.")
					return err
				})
			}}},
			verb: "message send", args: onClaim("--message", "Please go on."), place: place{form: "message.send"},
		},
	}
}

func createRoute() route {
	newClaim := lossexpress.NewClaim{
		AccountNumber: "1", CauseOfLoss: "Flood", ClaimNumber: "EX-9001", DateOfLoss: "2026-11-02", FinanceType: "Retail",
		InsurerType: "First Party", LenderName: "Ally Financial", OwnersName: "Pat Doe", OwnersPhoneNumber: "+12145550100",
		OwnersRetained: new(false), OwnersStreetAddress: "12200 Test Avenue Dallas TX 75204",
		TitleRemittanceAddress: "1000 Main Street Dallas TX 75204", VIN: "1N4AL3AP8JC231503",
	}
	create := func(d *desk, c lossexpress.NewClaim) (string, error) {
		c.Deductible, c.SettlementAmount, c.Odometer = d.money("500"), d.money("18250.40"), d.money("42000")
		id, _, err := d.client.CreateClaim(d.t.Context(), c)
		return fmt.Sprint(len(id)), err
	}
	return route{
		number: 4, request: "POST /claims", method: (*lossexpress.Client).CreateClaim,
		call: func(d *desk) (string, error) { return create(d, newClaim) },
		want: "36", answer: []string{"claimId"},
		fails: []refusal{{400, "vin is required", api.ErrInvalid, func(d *desk) error {
			less := newClaim
			less.VIN = ""
			_, err := create(d, less)
			if e, ok := api.AsError(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != "vin" || e.Fields[0].Constraint != "required" {
				d.t.Errorf("the field is not told: %+v", err)
			}
			return err
		}}},
		verb: "claim create", args: func(*desk) []string { return carrierClaim("EX-9001")[2:] }, place: place{form: "claim.create"},
	}
}

// money is an amount to be sent.
func (d *desk) money(s string) *lossexpress.Money {
	d.t.Helper()
	m, err := lossexpress.NewMoney(s)
	d.must(err)
	return &m
}

func readRoute() route {
	return route{
		number: 5, request: "GET /claims/{claimId}", method: (*lossexpress.Client).Claim,
		call: func(d *desk) (string, error) {
			c, _, err := d.client.Claim(d.t.Context(), d.claim)
			return c.ClaimNumber + " " + c.VIN, err
		},
		want: "EX-1001 1M8GDM9AXKP042788", answer: []string{"claim.claimId", "claim.claimNumber", "requestUrl"},
		fails: []refusal{
			{403, "This claim is not available during testing.", api.ErrForbidden, nil},
			{404, "Claim does not exist.", api.ErrNotFound, func(d *desk) error {
				_, _, err := d.client.Claim(d.t.Context(), nowhere)
				return err
			}},
		},
		verb: "claim show", args: onClaim(), place: place{keys: []keymap.ID{keymap.ClaimRefresh}},
	}
}

func updateRoute() route {
	update := func(d *desk, id string, c lossexpress.ClaimChange) (lossexpress.Claim, error) {
		now, _, err := d.client.UpdateClaim(d.t.Context(), id, c)
		return now, err
	}
	return route{
		number: 6, request: "PUT /claims/{claimId}", method: (*lossexpress.Client).UpdateClaim,
		call: func(d *desk) (string, error) {
			now, err := update(d, d.claim, lossexpress.ClaimChange{OwnersName: new("Someone Else")})
			return now.ClaimNumber + " " + now.OwnersName, err
		},
		want: "EX-1001 Someone Else", answer: []string{"claimId", "claimNumber", "ownersName"},
		fails: []refusal{
			{400, "vin length must be 17 characters long", api.ErrInvalid, func(d *desk) error {
				_, err := update(d, d.claim, lossexpress.ClaimChange{VIN: new("SHORT")})
				return err
			}},
			{404, "Claim does not exist.", api.ErrNotFound, func(d *desk) error {
				_, err := update(d, nowhere, lossexpress.ClaimChange{OwnersName: new("Someone Else")})
				return err
			}},
		},
		verb: "claim update", args: onClaim("--owners-name", "Someone Else"), place: place{form: "claim.update"},
	}
}

func searchRoute() route {
	search := func(d *desk) (string, error) {
		found, _, err := d.client.SearchClaims(d.t.Context(), lossexpress.ClaimSearch{ClaimNumber: "ex-1001", VIN: "1m8gdm9axkp042788"})
		if len(found) != 1 {
			return fmt.Sprint(len(found)), err
		}
		return found[0].ClaimNumber, err
	}
	return route{
		number: 7, request: "GET /claims", method: (*lossexpress.Client).SearchClaims,
		call: search, want: "EX-1001", answer: []string{"claims.0.claimId", "claims.0.claimNumber", "claims.0.vin"},
		fails: []refusal{{400, "value must contain at least one of [vin, claimNumber]", api.ErrInvalid, func(d *desk) error {
			return d.spoiled("vin=", "", func() error {
				_, err := search(d)
				return err
			})
		}}},
		odd:  map[int]oddity{404: {}}, // nothing was found
		verb: "claim search", args: onClaim(),
		place: place{asks: "claim.create", with: func(*desk) []string { return append(carrierClaim("EX-9001")[2:], "--dry-run") }},
	}
}

func documentRoutes() []route {
	add := func(d *desk, content string) (lossexpress.Added, error) {
		return d.client.AddDocument(d.t.Context(), d.bare, lossexpress.Upload{Content: []byte(content), Description: "police report"})
	}
	fetch := func(d *desk, id string) (string, error) {
		f, err := d.client.Document(d.t.Context(), id)
		if err != nil {
			return "", err
		}
		defer func() { d.must(f.Close()) }()
		content, err := io.ReadAll(f)
		return f.ContentType + " " + string(content[:min(5, len(content))]), err
	}
	return []route{
		{
			number: 9, request: "POST /claims/documents/{claimId}", method: (*lossexpress.Client).AddDocument,
			call: func(d *desk) (string, error) {
				added, err := add(d, aDocument)
				return fmt.Sprint(added.DocumentID != "" && strings.HasSuffix(added.DocumentURL, added.DocumentID)), err
			},
			want: "true", answer: []string{"documentUrl"},
			fails: []refusal{{400, "document must be one of the following formats: pdf, jpeg, jpg, tiff, gif, png", api.ErrInvalid, func(d *desk) error {
				_, err := add(d, "plain text")
				return err
			}}},
			verb: "document add", args: func(d *desk) []string {
				return []string{"EX-1001", d.file("report.pdf"), "--description", "police report"}
			},
			place: place{form: "document.add"},
		},
		{
			number: 10, request: "GET /documents/{documentId}", method: (*lossexpress.Client).Document,
			call: func(d *desk) (string, error) { return fetch(d, "https://elsewhere.example/documents/"+d.papers()[0]) },
			want: "application/pdf %PDF-",
			fails: []refusal{
				{401, "The provided token has expired.", api.ErrUnauthorized, nil},
				{403, "This claim is not available during testing.", api.ErrForbidden, nil},
				{404, "Document does not exist.", api.ErrNotFound, func(d *desk) error {
					_, err := fetch(d, nowhere)
					return err
				}},
			},
			verb: "document get", args: func(d *desk) []string { return []string{"EX-1001", d.papers()[0], "--out", d.dir} },
			place: place{keys: []keymap.ID{keymap.ClaimDocuments}},
		},
	}
}
