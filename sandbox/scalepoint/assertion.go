package scalepoint

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is the SHA-1 of the certificate by definition (RFC 7515, section 4.1.7)
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// assertion is what a client's JWT claims.
type assertion struct {
	Issuer    string          `json:"iss"`
	Subject   string          `json:"sub"`
	Audience  json.RawMessage `json:"aud"` // a string, or a list of them
	ID        string          `json:"jti"`
	Expires   int64           `json:"exp"` // seconds since 1970
	NotBefore int64           `json:"nbf"`
	IssuedAt  int64           `json:"iat"`
}

func (a assertion) audience() []string {
	var one string
	if json.Unmarshal(a.Audience, &one) == nil {
		return []string{one}
	}
	var list []string
	if json.Unmarshal(a.Audience, &list) != nil {
		return nil
	}
	return list
}

// parseAssertion reads a compact JWS and checks its signature with the registered certificate that x5t names.
func parseAssertion(compact string, registered []*x509.Certificate) (a assertion, why string) {
	part := strings.Split(compact, ".")
	if len(part) != 3 {
		return a, "the assertion is not a JWT"
	}
	var header struct {
		Algorithm  string `json:"alg"`
		Thumbprint string `json:"x5t"`
	}
	if !decode(part[0], &header) || !decode(part[1], &a) {
		return a, "the assertion is not a JWT"
	}
	if header.Algorithm != "RS256" {
		return a, "the assertion is not signed with RS256"
	}
	for _, cert := range registered {
		sum := sha1.Sum(cert.Raw) //nolint:gosec // see above
		if base64.RawURLEncoding.EncodeToString(sum[:]) != header.Thumbprint {
			continue
		}
		if !signedBy(cert, part) {
			return a, "the signature is wrong"
		}
		return a, ""
	}
	return a, "the certificate is not registered"
}

func decode(part string, v any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, v) == nil
}

func signedBy(cert *x509.Certificate, part []string) bool {
	key, isRSA := cert.PublicKey.(*rsa.PublicKey)
	signature, err := base64.RawURLEncoding.DecodeString(part[2])
	digest := sha256.Sum256([]byte(part[0] + "." + part[1]))
	return isRSA && err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
}
