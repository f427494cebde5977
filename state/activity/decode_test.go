package activity

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// printed are the summaries of the activities that the remote documents print.
var printed = map[string]string{
	"account-number-viewed": "LossExpress viewed the account number",
	"call-made":             "Call to lender, 30 min",
	"claim-created":         "Claim created: 2034 TEST Car, Test Lender",
	"claim-updated":         "LossExpress corrected account number",
	"direct-message-added-sent-by-carrier-user": "User Name to LossExpress: The LoG looks to have the wrong settlement amount, please get an LoG with the proper amount. Thanks!",
	"document-sent-to-lender":                   "Document sent to lender",
	"letter-of-guarantee-added":                 "Letter of guarantee arrived",
	"letter-of-guarantee-request-created":       "Letter of guarantee requested, expected Jan 20",
	"letter-of-guarantee-request-cancelled":     "Letter of guarantee request cancelled",
	"lender-alias-verified":                     "Lender now known as EXAMPLE NEW LENDER ALIAS",
	"new-lender-verified":                       "New lender verified: EXAMPLE NEW LENDER",
	"order-attempted":                           "Order failed, try 2: Payment History: Lender unable to find requested document",
	"order-cancelled":                           "Order cancelled",
	"order-created":                             "Copy of Title ordered",
	"order-fulfilled":                           "Copy of Title arrived",
	"order-status-changed":                      "Letter of guarantee arrived",
	"order-updated":                             "Order: next follow-up Aug 31",
	"payment-sent":                              "Payment sent: 20,000.00 by USPS",
	"payoff-data-added":                         "Payoff 10,222.33, good to Jan 18",
	"payoff-request-cancelled":                  "Payoff request cancelled",
	"payoff-request-created":                    "Payoff requested",
	"settlement-counter-added":                  "Lender countered: missing options",
	"settlement-counter-updated-dispute":        "Counter disputed: Vehicle is not missing any options, verified in person.",
	"settlement-counter-updated-accepted":       "Counter accepted with a new settlement breakdown",

	"carrier/document-added":                           "Document added: settlement breakdown",
	"vendor/document-added":                            "Document added by John Doe: settlement breakdown",
	"carrier/direct-message-added-sent-by-lossexpress": "LossExpress needs: Settlement amount appears to differ from documents. Please update.",
	"vendor/direct-message-added-sent-by-lossexpress":  "LossExpress needs: A photo of the odometer reading is required.",
}

func TestPrintedActivities(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/documents/*.json")
	if err != nil || len(files) < 50 {
		t.Fatalf("fixtures: %d, %v", len(files), err)
	}
	seen := map[Type]bool{}
	for _, file := range files {
		a := decodeFile(t, file)
		source, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), "-")
		want, ok := printed[source+"/"+name]
		if !ok {
			want, ok = printed[name]
		}
		if !ok {
			t.Errorf("%s: no expectation", file)
		}
		if got := a.Summary(); got != want {
			t.Errorf("%s:\n got %q\nwant %q", file, got, want)
		}
		if a.ID != "fed62fa0-c048-46b5-b994-6e3e69fb0f37" || a.ClaimID != "c30ae9da-9222-4de5-81fe-fe1ac590fa0f" ||
			a.CreatedAt != time.Date(2021, 1, 8, 22, 3, 9, 598e6, time.UTC) || !strings.HasPrefix(a.ClaimNumber, "EXAMPLE") {
			t.Errorf("%s: envelope %+v", file, a)
		}
		if _, unknown := a.Data.(Unknown); unknown {
			t.Errorf("%s: not understood", file)
		}
		seen[a.Type] = true
	}
	for _, typ := range Types() {
		if !seen[typ] && typ != RequestPendingLenderContacted { // named by the vendor documents only, without a sample
			t.Errorf("no fixture of %s", typ)
		}
	}
}

func TestPrintedActivitiesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/documents/*.printed")
	if err != nil || len(files) != 7 {
		t.Fatalf("fixtures: %d, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := Decode(raw); !errors.Is(err, ErrNotActivity) {
			t.Errorf("%s: decoded to %+v, %v", file, a, err)
		}
	}
}

func decodeFile(t *testing.T, file string) Activity {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(raw))
}

func decode(t *testing.T, raw string) Activity {
	t.Helper()
	a, err := Decode(json.RawMessage(raw))
	if err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	if string(a.Raw) != raw {
		t.Errorf("Raw is %q", a.Raw)
	}
	return a
}

// of returns an activity of the sample's envelope.
func of(t *testing.T, typ Type, data string) Activity {
	t.Helper()
	return decode(t, `{"activityId":"fed62fa0-c048-46b5-b994-6e3e69fb0f37","createdAt":"2021-01-08T22:03:09.598Z",`+
		`"claimId":"c1","claimNumber":"EX-1","type":"`+string(typ)+`","data":`+data+`}`)
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"empty":        ``,
		"not JSON":     `<html>`,
		"cut off":      `{"activityId":"x"`,
		"array":        `[{"activityId":"x"}]`,
		"null":         `null`,
		"text":         `"activityId"`,
		"no id":        `{"type":"call-made"}`,
		"null id":      `{"activityId":null}`,
		"blank id":     `{"activityId":" \u200b "}`,
		"id is object": `{"activityId":{"id":"x"}}`,
	} {
		if a, err := Decode(json.RawMessage(raw)); !errors.Is(err, ErrNotActivity) {
			t.Errorf("%s: got %+v, %v", name, a, err)
		}
	}
}

func TestDecodeEnvelope(t *testing.T) {
	t.Parallel()
	at := time.Date(2021, 1, 8, 22, 3, 9, 598e6, time.UTC)
	for name, c := range map[string]struct {
		raw  string
		want Activity
	}{
		"hash instead of activityId": {
			`{"hash":"abc","type":"call-made","createdAt":"2021-01-08T22:03:09.598Z"}`,
			Activity{ID: "abc", Type: CallMade, CreatedAt: at},
		},
		"activityId before hash": {`{"hash":"abc","activityId":"def"}`, Activity{ID: "def"}},
		"numbers as texts":       {`{"activityId":12,"claimNumber":1001,"claimId":7}`, Activity{ID: "12", ClaimNumber: "1001", ClaimID: "7"}},
		"nulls":                  {`{"activityId":"x","createdAt":null,"claimId":null,"type":null,"claimNumber":null,"data":null}`, Activity{ID: "x"}},
		"wrong shapes":           {`{"activityId":"x","createdAt":[],"claimId":{},"claimNumber":true}`, Activity{ID: "x"}},
		"hostile texts": {
			`{"activityId":"x\u001b[31m","claimNumber":"EX\u202e-1\u0000","claimId":" c ","type":"call\u200b-made","externalId":"a\nb"}`,
			Activity{ID: "x", ClaimNumber: "EX-1", ClaimID: "c", Type: CallMade, ExternalID: "a b"},
		},
		"zone":            {`{"activityId":"x","createdAt":"2021-01-08T17:03:09.5984-05:00"}`, Activity{ID: "x", CreatedAt: at}},
		"no zone is GMT":  {`{"activityId":"x","createdAt":"2021-01-08T22:03:09.598"}`, Activity{ID: "x", CreatedAt: at}},
		"space and zone":  {`{"activityId":"x","createdAt":"2021-01-08 22:03:09.598Z"}`, Activity{ID: "x", CreatedAt: at}},
		"Unix ms":         {`{"activityId":"x","createdAt":1610143389598}`, Activity{ID: "x", CreatedAt: at}},
		"Unix s as text":  {`{"activityId":"x","createdAt":"1610143389"}`, Activity{ID: "x", CreatedAt: at.Truncate(time.Second)}},
		"no time":         {`{"activityId":"x","createdAt":"yesterday"}`, Activity{ID: "x"}},
		"impossible time": {`{"activityId":"x","createdAt":"0000-01-01T00:00:00Z"}`, Activity{ID: "x"}},
		"huge number":     {`{"activityId":"x","createdAt":1e300}`, Activity{ID: "x"}},
		"repeated key":    {`{"activityId":"x","claimId":"a","claimId":"b"}`, Activity{ID: "x", ClaimID: "b"}},
	} {
		got := decode(t, c.raw)
		c.want.Key = KeyOf(c.want.ID)
		if got.ID != c.want.ID || got.Key != c.want.Key || !got.CreatedAt.Equal(c.want.CreatedAt) || got.Type != c.want.Type ||
			got.ClaimID != c.want.ClaimID || got.ClaimNumber != c.want.ClaimNumber || got.ExternalID != c.want.ExternalID {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
		if got.Data == nil || got.Summary() == "" {
			t.Errorf("%s: no data or summary", name)
		}
	}
}

func TestStamped(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 123_456_789, time.FixedZone("", -5*3600))
	a := decode(t, `{"activityId":"x","type":"call-made"}`).Stamped(now)
	if want := time.Date(2026, 11, 20, 14, 0, 0, 123e6, time.UTC); a.CreatedAt != want {
		t.Errorf("stamped %v, want %v", a.CreatedAt, want)
	}
	if b := of(t, CallMade, `{}`).Stamped(now); b.CreatedAt.Year() != 2021 {
		t.Errorf("a time of the service was replaced by %v", b.CreatedAt)
	}
}

func TestOddDataIsKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		typ    Type
		data   string
		fields []Pair
		say    string
	}{
		"unknown type": {
			"foo-bar_baz", `{"a":1,"b":"x\u001b[2J","c":[1, 2],"d":null,"e":{"f":true}}`,
			[]Pair{{"a", "1"}, {"b", "x"}, {"c", "[1, 2]"}, {"d", ""}, {"e", `{"f":true}`}},
			"Something new: foo bar baz",
		},
		"unknown type, data is text": {"foo-bar", `"hello"`, []Pair{{"data", "hello"}}, "Something new: foo bar"},
		"no type":                    {"", `{}`, []Pair{}, "Something new, without a type"},
		"data is array":              {PayoffDataAdded, `[1]`, []Pair{{"data", "[1]"}}, "Payoff quote, in a form that is not known here"},
		"amount in words":            {PayoffDataAdded, `{"payoffAmount":"about 10k"}`, []Pair{{"payoffAmount", "about 10k"}}, "Payoff quote, in a form that is not known here"},
		"amount is object":           {PaymentSent, `{"checkAmount":{"usd":1}}`, []Pair{{"checkAmount", `{"usd":1}`}}, "Payment sent, in a form that is not known here"},
		"hostile exponent":           {PayoffDataAdded, `{"payoffAmount":1e999999999}`, []Pair{{"payoffAmount", "1e999999999"}}, "Payoff quote, in a form that is not known here"},
		"message is object":          {DirectMessageAdded, `{"message":{}}`, []Pair{{"message", "{}"}}, "Message, in a form that is not known here"},
		"orders are text":            {OrderStatusChanged, `{"orders":"none"}`, []Pair{{"orders", "none"}}, "Order status, in a form that is not known here"},
		"order is text":              {OrderStatusChanged, `{"orders":["none"]}`, []Pair{{"orders", `["none"]`}}, "Order status, in a form that is not known here"},
		"flag is text":               {SettlementCounterUpdated, `{"disputed":"perhaps"}`, []Pair{{"disputed", "perhaps"}}, "Counter answered, in a form that is not known here"},
		"count is negative":          {OrderAttempted, `{"count":-1}`, []Pair{{"count", "-1"}}, "Order attempt, in a form that is not known here"},
		"day is no day":              {OrderUpdated, `{"nextFollowupDate":"2021-02-30"}`, []Pair{{"nextFollowupDate", "2021-02-30"}}, "Order follow-up, in a form that is not known here"},
	} {
		a := of(t, c.typ, c.data)
		u, ok := a.Data.(Unknown)
		if !ok {
			t.Errorf("%s: decoded as %T", name, a.Data)
			continue
		}
		if len(u.Fields) != len(c.fields) {
			t.Errorf("%s: fields %q", name, u.Fields)
			continue
		}
		for i, f := range c.fields {
			if u.Fields[i] != f {
				t.Errorf("%s: field %q, want %q", name, u.Fields[i], f)
			}
		}
		if got := a.Summary(); got != c.say {
			t.Errorf("%s: says %q, want %q", name, got, c.say)
		}
	}
}

func TestKeyOf(t *testing.T) {
	t.Parallel()
	lower := KeyOf("fed62fa0-c048-46b5-b994-6e3e69fb0f37")
	if lower != KeyOf("FED62FA0-C048-46B5-B994-6E3E69FB0F37") {
		t.Error("letter case changes the key of a UUID")
	}
	if lower[0] != 0xfe || lower[15] != 0x37 {
		t.Errorf("key %x is not the UUID", lower)
	}
	seen := map[Key]string{}
	for _, id := range []string{"", "a", "A", "fed62fa0c04846b5b9946e3e69fb0f37", "fed62fa0-c048-46b5-b994-6e3e69fb0f3x", "{ed62fa0-c048-46b5-b994-6e3e69fb0f37"} {
		if other, twice := seen[KeyOf(id)]; twice || KeyOf(id) == lower {
			t.Errorf("%q has the key of %q", id, other)
		}
		seen[KeyOf(id)] = id
	}
}

func TestDocumentID(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://xapi.lossexpress.com/documents/555ae9da":         "555ae9da",
		"https://xapi-dev.lossexpress.com/documents/555ae9da":     "555ae9da",
		"http://127.0.0.1:8790/documents/555ae9da/?token=x#page2": "555ae9da",
		"555ae9da":     "555ae9da",
		"":             "",
		"https://":     "https:",
		"/a/b\x1b[0m/": "b",
	} {
		if got := DocumentID(url); got != want {
			t.Errorf("DocumentID(%q) = %q, want %q", url, got, want)
		}
	}
}
