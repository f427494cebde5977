package lossexpress

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"claimdeck/sandbox/fault"
)

// hostileMark separates a string from the hostile text behind it (a word joiner, itself invisible), so that what a
// client sends back can still be understood.
const hostileMark = "\u2060"

// hostile returns the nth variant of hostile text.
func hostile(n int) string {
	variants := [...]string{
		"\x1b[2J\x1b[31m\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x1b\\\x1bP+q544e\x1b\\",
		"\u009b31m\u009d0;owned\u009c\u0090x\u009c\u0085\u008d",
		"\u202eevil\u202c\u2066left\u2069\u2067right\u2069\u200f\u061c",
		"ze\u200bro\u200c\u200dwi\ufeffdth\u00ad\U000e0041\ufff9",
		" 漢字かな交じり文 \U0001F469\u200D\U0001F469\u200D\U0001F467 \U0001F1E9\U0001F1EA Z\u0351\u036b\u0343 ",
		"\r\nforged line\n\ttabbed\x00\x08\x7f\u2028next\u2029",
		strings.Repeat(" endless", 600),
	}
	return hostileMark + variants[n%len(variants)]
}

// plain removes hostile text from a string that a client sends back.
func plain(s string) string {
	s, _, _ = strings.Cut(s, hostileMark)
	return s
}

// distortion walks a JSON value and spoils it as the switches ask.
type distortion struct {
	b Behaviour
	n int // counts the strings, to vary what they get
}

// distort returns a JSON value as the switches make it; without any of them it is the same bytes.
func distort(raw []byte, b Behaviour) json.RawMessage {
	if !b.HostileStrings && !b.UnknownEnums && !b.NullValues {
		return raw
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return raw
	}
	if b.NullValues && string(raw) == "{}" {
		return json.RawMessage("null")
	}
	walk := distortion{b: b, n: len(raw)}
	return fault.Encode(walk.value("", v))
}

// distortReply spoils the body of an answer.
func distortReply(p reply, b Behaviour) reply {
	if !p.plain && len(p.Body) > 0 {
		p.Body = distort(p.Body, b)
	}
	return p
}

func (d *distortion) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			v[k] = d.member(k, v[k])
		}
		return v
	case []any:
		for i := range v {
			v[i] = d.value(key, v[i])
		}
		return v
	case string:
		d.n++
		if d.b.HostileStrings && !protocolKey(key) {
			return v + hostile(d.n)
		}
		return v
	default:
		return v
	}
}

func (d *distortion) member(key string, v any) any {
	if d.b.NullValues && nullable(key) {
		return nil
	}
	if _, text := v.(string); text && d.b.UnknownEnums {
		if other := undocumented(key); other != "" {
			v = other
		}
	}
	return d.value(key, v)
}

// protocolKey names the strings without which the protocol itself would not work: identifiers, addresses of
// documents, timestamps and states. Hostile text in those would be another service, not a hostile user's input.
func protocolKey(key string) bool {
	switch key {
	case "activityId", "claimId", "orderId", "lenderId", "previousLenderId", "documentUrl", "requestUrl", "createdAt",
		"updatedAt", "validThroughDate", "sentAt", "estimatedResponseTime", "turnAroundTimeEstimate", "status",
		"endpoint", "apiKey", "key", "path":
		return true
	}
	return false
}

// nullable names the values that NullValues takes away.
func nullable(key string) bool {
	switch key {
	case "message", "count", "perDiem", "remittanceInformation", "documentUrl", "lenderName", "vehicle",
		"nextFollowupDate", "callLength", "description", "settlementAmount", "sentTo", "reasonForDispute", "category",
		"previous", "viewedByLossExpress", "attn", "updatedByLossExpress":
		return true
	}
	return false
}

// undocumented is a value that the documents do not list for an enumerated key.
func undocumented(key string) string {
	switch key {
	case "status":
		return "escalated"
	case "category":
		return "TITLE TRANSFER"
	case "causeOfLoss":
		return "Meteorite"
	case "financeType":
		return "Balloon"
	case "insurerType":
		return "Subrogation"
	case "orderType":
		return "Notarized Odometer Statement"
	case "sentVia":
		return "Pigeon"
	}
	return ""
}
