package scalepoint

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// Identity is a key and its self-signed certificate, as a customer makes them: the key stays, the certificate is
// registered.
type Identity struct {
	Key         []byte // PEM, PKCS#8
	Certificate []byte // PEM
	Registered  string // the certificate as base64 DER: what is sent to be registered
	Parsed      *x509.Certificate
}

// NewIdentity makes an identity for a demonstration or a test, good for a year around now. It is a new one every time:
// nothing that could be mistaken for a real key is kept anywhere. It takes a moment, as RSA keys do.
func NewIdentity(now time.Time) (Identity, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Identity{}, fmt.Errorf("no key can be made: %w", err)
	}
	return CertifyIdentity(key, now.Add(-24*time.Hour), now.Add(365*24*time.Hour))
}

// CertifyIdentity makes a self-signed certificate for a key, good from notBefore to notAfter.
func CertifyIdentity(key *rsa.PrivateKey, notBefore, notAfter time.Time) (Identity, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return Identity{}, fmt.Errorf("no certificate can be made: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Self-Service sandbox client"},
		NotBefore: notBefore, NotAfter: notAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		SignatureAlgorithm: x509.SHA256WithRSA,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return Identity{}, fmt.Errorf("no certificate can be made: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return Identity{}, fmt.Errorf("the certificate cannot be read back: %w", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Identity{}, fmt.Errorf("the key has no PEM form: %w", err)
	}
	return Identity{
		Key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		Registered:  base64.StdEncoding.EncodeToString(der),
		Parsed:      cert,
	}, nil
}
