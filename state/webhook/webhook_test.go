package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"claimdeck/state/webhook"
)

const (
	key    = "exampleapikey1234"
	client = "client-42"
)

// vectors are signatures that other languages computed (remote document: Validating Webhook Payloads).
func vectors() map[string]string {
	return map[string]string{
		`{"type":"direct-message-added","data":{"message":"A & B <c> — café","actionRequired":true}}`:                                                                                                                      "4058f6e004c563e2c3b5ece80707ca8c6a9393e875686ff379f8ebfb9ba0697b",
		`{"activityId":"fed62fa0-c048-46b5-b994-6e3e69fb0f37","createdAt":"2021-01-08T22:03:09.598Z","claimId":"c30ae9da-9222-4de5-81fe-fe1ac590fa0f","type":"payoff-request-created","claimNumber":"EXAMPLE3","data":{}}`: "9c597f874b04d9a00778296632593f755490f4b64fef579ddda117ceedf554df",
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	for body, signature := range vectors() {
		var padded bytes.Buffer
		if err := json.Indent(&padded, []byte(body), "  ", "\t"); err != nil {
			t.Fatal(err)
		}
		other := strings.Replace(body, `"data"`, `"dato"`, 1)
		for name, test := range map[string]struct {
			key, client, body, signature string
			ok                           bool
		}{
			"as sent":               {key, client, body, signature, true},
			"laid out anew":         {key, client, padded.String(), signature, true},
			"white space around it": {key, client, " \r\n" + body + "\n", signature, true},
			"upper-case digits":     {key, client, body, strings.ToUpper(signature), true},
			"another key":           {key + "5", client, body, signature, false},
			"no key":                {"", client, body, signature, false},
			"another client":        {key, "client-43", body, signature, false},
			"another body":          {key, client, other, signature, false},
			"no body":               {key, client, "", signature, false},
			"a body that is none":   {key, client, body + "}", signature, false},
			"cut":                   {key, client, body, signature[:62], false},
			"half a digit less":     {key, client, body, signature[:63], false},
			"longer":                {key, client, body, signature + "00", false},
			"empty":                 {key, client, body, "", false},
			"no digits":             {key, client, body, strings.Repeat("zz", 32), false},
			"with a prefix":         {key, client, body, "sha256=" + signature, false},
			"one bit":               {key, client, body, flip(signature), false},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				err := webhook.Verify(test.key, test.client, []byte(test.body), test.signature)
				if (err == nil) != test.ok || err != nil && !errors.Is(err, webhook.ErrSignature) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// flip changes the last bit of a signature.
func flip(signature string) string {
	last := signature[len(signature)-1]
	return signature[:len(signature)-1] + string("0123456789abcdef"[strings.IndexByte("0123456789abcdef", last)^1])
}

// Values that another writer would write otherwise survive being laid out anew: only white space is taken out.
func TestVerifyNeverWritesAnew(t *testing.T) {
	t.Parallel()
	body := `{"b":1.0,"a":1e3,"1":"<&>\u2028\/","deep":{"z":[1,2.50]}}`
	signature := sign(key, body)
	for _, laid := range []string{body, "{ \"b\" : 1.0, \"a\": 1e3, \"1\" :\"<&>\\u2028\\/\",\n\"deep\":{\"z\":[1, 2.50]}}"} {
		if err := webhook.Verify(key, client, []byte(laid), signature); err != nil {
			t.Errorf("%s: %v", laid, err)
		}
	}
	if webhook.Verify(key, client, []byte(strings.Replace(body, "1.0", "1", 1)), signature) == nil {
		t.Error("another number passed")
	}
}

// FuzzVerify holds that nothing but the one signature passes, and that no body makes it panic.
func FuzzVerify(f *testing.F) {
	for body, signature := range vectors() {
		f.Add([]byte(body), signature)
	}
	f.Add([]byte("{"), "")
	f.Fuzz(func(t *testing.T, body []byte, signature string) {
		var compact bytes.Buffer
		right := strings.EqualFold(signature, sign(key, string(body)))
		if json.Compact(&compact, body) == nil {
			right = right || strings.EqualFold(signature, sign(key, compact.String()))
		}
		if got := webhook.Verify(key, client, body, signature) == nil; got != right {
			t.Errorf("passes: %t, want %t", got, right)
		}
	})
}
