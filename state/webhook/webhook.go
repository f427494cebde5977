// Package webhook receives what LossExpress posts to a registered endpoint: one activity a request, signed. A delivery
// is answered with 200 only after its activity is committed, so that an answer never promises what a crash can lose.
// Deliveries may be repeated, late, missing or forged: the feed stays the truth, and the webhook only makes it quick.
package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// SignatureHeader carries the signature of a delivery (remote document: Validating Webhook Payloads).
const SignatureHeader = "X-LossExpress-Signature"

// ErrSignature is wrapped by every error of Verify.
var ErrSignature = errors.New("the signature of the delivery is not right")

// Verify reports whether signature is the hex HMAC-SHA256, keyed by the webhook's apiKey, of body + ":" + clientID. The
// bytes that were received are tried first, then the same JSON without its white space: the document signs the body as
// it was before a proxy may have laid it out anew. The body is never written anew from its values, because no two
// programs write numbers, keys and escapes alike (remote document: Validating Webhook Payloads).
func Verify(apiKey, clientID string, body []byte, signature string) error {
	if apiKey == "" {
		return fmt.Errorf("%w: no key of the webhook is known", ErrSignature)
	}
	given, ok := readSignature(signature)
	if !ok {
		return fmt.Errorf("%w: it is not %d hexadecimal digits", ErrSignature, hex.EncodedLen(sha256.Size))
	}
	if hmac.Equal(given, sum(apiKey, clientID, body)) {
		return nil
	}
	var compact bytes.Buffer
	if json.Compact(&compact, body) == nil && compact.Len() != len(body) && hmac.Equal(given, sum(apiKey, clientID, compact.Bytes())) {
		return nil
	}
	return ErrSignature
}

// readSignature decodes a signature; ok is false unless it has the length of one.
func readSignature(signature string) (given []byte, ok bool) {
	given, err := hex.DecodeString(signature)
	return given, err == nil && len(given) == sha256.Size
}

func sum(apiKey, clientID string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(apiKey))
	mac.Write(body)
	mac.Write([]byte(":" + clientID))
	return mac.Sum(nil)
}
