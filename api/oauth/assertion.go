package oauth

import (
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is the SHA-1 of the certificate by definition (RFC 7515, section 4.1.7); it names, and proves nothing
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// assertionLife is how long an assertion is good for (remote document: Scalepoint, Authentication).
const assertionLife = 60 * time.Second

// assertionType is the client_assertion_type of RFC 7523, section 2.2.
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// Assertion is the key that proves who the client is, with the certificate under which the service knows it. It prints
// as its thumbprint and never as the key.
type Assertion struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
	x5t  string
}

// ParseAssertion reads an RSA key of at least 2048 bits (PEM, PKCS#1 or PKCS#8) and its certificate (PEM, base64 DER, as
// it is registered with the service, or DER). The certificate may stand in the key's file: then certificate is empty.
// Of several, the one that belongs to the key is taken. Errors say what is wrong with the file and what to do.
func ParseAssertion(key, certificate []byte) (*Assertion, error) {
	k, beside, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	certs := beside
	if len(certificate) > 0 {
		if certs, err = parseCertificates(certificate); err != nil {
			return nil, err
		}
	}
	if len(certs) == 0 {
		return nil, errors.New("no certificate is set: name the file of the one that is registered with the service")
	}
	for _, cert := range certs {
		if k.PublicKey.Equal(cert.PublicKey) {
			sum := sha1.Sum(cert.Raw) //nolint:gosec // see above
			return &Assertion{key: k, cert: cert, x5t: base64.RawURLEncoding.EncodeToString(sum[:])}, nil
		}
	}
	return nil, fmt.Errorf("the private key does not belong to the certificate (%s): use the key that the certificate was made with",
		thumbprint(certs[0]))
}

// String names the certificate.
func (a *Assertion) String() string { return "certificate " + a.Thumbprint() }

// GoString is String: %#v must not print the key.
func (a *Assertion) GoString() string { return a.String() }

// Thumbprint is the SHA-1 of the certificate in upper-case hex, as tools for certificates show it.
func (a *Assertion) Thumbprint() string { return thumbprint(a.cert) }

// NotAfter is when the certificate expires.
func (a *Assertion) NotAfter() time.Time { return a.cert.NotAfter.UTC() }

// Registration is the certificate as base64 DER: what Scalepoint is sent to register it.
func (a *Assertion) Registration() string { return base64.StdEncoding.EncodeToString(a.cert.Raw) }

func thumbprint(cert *x509.Certificate) string {
	sum := sha1.Sum(cert.Raw) //nolint:gosec // see above
	return fmt.Sprintf("%X", sum)
}

// Check says why the assertion is of no use at now, and what to do; nil when it is good.
func (a *Assertion) Check(now time.Time) error {
	switch {
	case now.After(a.cert.NotAfter):
		return fmt.Errorf("the certificate expired on %s: make a new key and certificate, and have it registered with the service",
			a.cert.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(a.cert.NotBefore):
		return fmt.Errorf("the certificate is valid from %s only: check the clock of this machine (it says %s), or wait",
			a.cert.NotBefore.UTC().Format(time.DateTime), now.UTC().Format(time.DateTime))
	}
	return nil
}

// sign makes an assertion that is good for one call: its jti is not used again.
func (a *Assertion) sign(clientID, audience string, now time.Time) (string, error) {
	if err := a.Check(now); err != nil {
		return "", err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", fmt.Errorf("no assertion can be made: %w", err)
	}
	// Claims by name, and not jwt.RegisteredClaims: those write a single audience as a list, which some services refuse.
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": clientID, "sub": clientID, "aud": audience, "jti": id.String(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	token.Header["x5t"] = a.x5t
	signed, err := token.SignedString(a.key)
	if err != nil {
		return "", fmt.Errorf("the assertion cannot be signed: %w", err)
	}
	return signed, nil
}
