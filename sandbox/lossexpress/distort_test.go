package lossexpress

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"claimdeck/sandbox/fault"
)

// everyType lets a claim go through all that triggers and orders emit.
func everyType(t *testing.T, b *bench) string {
	t.Helper()
	id := b.AddClaim(ClaimSeed{Documents: papers(), ExternalID: "COO-1", LenderName: "Ally Financial"})
	for _, kind := range triggers() {
		if err := b.Trigger(id, kind); err != nil {
			t.Fatal(err)
		}
	}
	b.good("POST", "/claims/"+id+"/orders", `{"types":["Copy of Title"]}`)
	b.good("POST", "/claims/"+id+"/payoff-sent", `{"sentAt":"2026-11-19","checkAmount":1,"sentVia":"USPS","sentTo":{"city":"X"}}`)
	return id
}

func TestHostileStrings(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{HostileStrings: true})
	id := everyType(t, b)
	var sent strings.Builder
	for _, path := range []string{"/claims/" + id, "/claims/order-types", "/lenders", "/nowhere"} {
		sent.WriteString(b.do("GET", path, "").body)
	}
	for _, a := range decodeAll(t, b.Truth()) {
		if !strings.Contains(a.ClaimNumber, hostileMark) || !strings.Contains(a.ExternalID, hostileMark) {
			t.Errorf("plain envelope: %q %q", a.ClaimNumber, a.ExternalID)
		}
		if !slices.Contains(append(triggers(), "claim-created", "order-created", "order-status-changed", "payment-sent",
			"payoff-request-created", "letter-of-guarantee-request-created"), a.Type) {
			t.Errorf("the type is spoiled: %q", a.Type)
		}
		sent.Write(fault.Encode(a.Data))
	}
	for _, want := range []string{`\u001b[31m`, "\u009b", "\u202e", "\u200b", "\U0001F469", `\r\nforged`, strings.Repeat(" endless", 600), "\U000e0041"} {
		if !strings.Contains(sent.String(), want) {
			t.Errorf("nothing contains %q", want)
		}
	}
	// What the client got works when it sends it back.
	var kinds struct{ OrderTypes []string }
	b.good("GET", "/claims/order-types", "").into(t, &kinds)
	b.good("POST", "/claims/"+id+"/orders", string(fault.Encode(object{"types": kinds.OrderTypes[:2]})))
	if !strings.HasPrefix(b.claimIDs[id].orders[len(b.claimIDs[id].orders)-1].kind, "Copy of Title") {
		t.Error("the order type did not survive")
	}
	b.signIn()
	if strings.ContainsFunc(b.token, unicode.IsControl) || strings.Contains(b.token, hostileMark) {
		t.Errorf("the token is spoiled: %q", b.token)
	}
}

func TestHostileVariants(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 30 {
		v := hostile(n)
		seen[v] = true
		if plain("abc"+v) != "abc" {
			t.Errorf("variant %d cannot be removed", n)
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d variants", len(seen))
	}
}

func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{UnknownTypes: true})
	id := everyType(t, b)
	if n := b.count(id, "title-transfer-updated"); n < 5 {
		t.Errorf("%d of an unknown type among %v", n, b.types(id))
	}
}

func TestUnknownEnums(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{UnknownEnums: true})
	id := everyType(t, b)
	updated := b.last(id, "order-status-changed").Data["updatedOrder"].(map[string]any)
	if updated["status"] != "escalated" || updated["orderType"] != "Notarized Odometer Statement" {
		t.Errorf("order: %v", updated)
	}
	if m := b.last(id, "direct-message-added").Data; m["category"] != "TITLE TRANSFER" {
		t.Errorf("message: %v", m)
	}
	if p := b.last(id, "payment-sent").Data; p["sentVia"] != "Pigeon" {
		t.Errorf("payment: %v", p)
	}
	c := b.good("GET", "/claims/"+id, "").object(t)["claim"].(map[string]any)
	if c["causeOfLoss"] != "Meteorite" || c["financeType"] != "Balloon" || c["insurerType"] != "Subrogation" {
		t.Errorf("claim: %v", c)
	}
}

func TestNullValues(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{NullValues: true})
	id := everyType(t, b)
	for kind, key := range map[string]string{
		"direct-message-added": "message", "call-made": "callLength", "settlement-counter-added": "documentUrl",
		"claim-updated": "previous", "payment-sent": "sentTo",
	} {
		value, there := b.last(id, kind).Data[key]
		if !there || value != nil {
			t.Errorf("%s.%s: %v, there %t", kind, key, value, there)
		}
	}
	if b.last(id, "payoff-request-created").Data != nil {
		t.Error("an empty data object is not null")
	}
}

// TestSwitchesActOnEmission: rows that a client may have read already do not change.
func TestSwitchesActOnEmission(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{})
	before := string(b.Truth()[0])
	b.Change(func(b *Behaviour) { b.HostileStrings, b.NullValues, b.UnknownEnums = true, true, true })
	b.clock.forward(time.Second)
	b.Emit(id, "call-made", object{"callLength": 1})
	if after := string(b.Truth()[0]); after != before {
		t.Errorf("the row changed:\n%s\n%s", before, after)
	}
	if !strings.Contains(b.good("GET", "/activities", "").body, before) {
		t.Error("the feed sends another row than Truth")
	}
}
