package oauth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// minKeyBits is what Scalepoint asks for, and what nobody should go below.
const minKeyBits = 2048

// What is said of files that are something else.
const (
	noKey     = "no private key is set: name its file, or keep it as the secret of the account"
	notPEM    = "the private key is not a PEM file: it should begin with -----BEGIN PRIVATE KEY-----"
	binaryKey = "the private key is a binary file (.pfx, .p12 or .der): make a PEM file of it: openssl pkcs12 -in FILE -nodes -out key.pem"
	lockedKey = "the private key is locked with a passphrase, which cannot be asked for here: unlock it with " +
		"openssl pkey -in FILE -out key.pem, and keep the result as the secret of the account"
	sshKey    = "the private key is in OpenSSH's own format: convert it with ssh-keygen -p -m PEM -f FILE"
	publicKey = "this is a public key: the private key belongs here"
	certAsKey = "this is a certificate: the private key belongs here"
	wrongKind = "the private key is %s: assertions are signed with RSA (RS256), so make an RSA key of 2048 bits and have its certificate registered"
)

// parseKey finds the private key in PEM, and the certificates that stand beside it.
func parseKey(raw []byte) (*rsa.PrivateKey, []*x509.Certificate, error) {
	raw = withNewlines(bytes.TrimSpace(raw))
	switch {
	case len(raw) == 0:
		return nil, nil, errors.New(noKey)
	case raw[0] == 0x30: // a DER sequence
		return nil, nil, errors.New(binaryKey)
	}
	var key *rsa.PrivateKey
	var certs []*x509.Certificate
	other := errors.New(notPEM)
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
				certs, other = append(certs, cert), errors.New(certAsKey)
			}
			continue
		}
		k, err := parseKeyBlock(block)
		if err != nil {
			other = err
			continue
		}
		key = k
	}
	if key == nil {
		return nil, nil, other
	}
	if bits := key.N.BitLen(); bits < minKeyBits {
		return nil, nil, fmt.Errorf("the private key has %d bits: make one of %d bits and have its certificate registered", bits, minKeyBits)
	}
	return key, certs, nil
}

// withNewlines mends a PEM text that came through an environment variable or a JSON string, with \n for its line ends.
func withNewlines(raw []byte) []byte {
	if bytes.ContainsRune(raw, '\n') {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte(`\n`), []byte("\n"))
}

func parseKeyBlock(block *pem.Block) (*rsa.PrivateKey, error) {
	var parsed any
	var err error
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return nil, errors.New(lockedKey)
	case block.Type == "OPENSSH PRIVATE KEY":
		return nil, errors.New(sshKey)
	case strings.HasSuffix(block.Type, "PUBLIC KEY"):
		return nil, errors.New(publicKey)
	case block.Type == "EC PRIVATE KEY":
		return nil, fmt.Errorf(wrongKind, "an elliptic curve key")
	case block.Type == "RSA PRIVATE KEY":
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case block.Type == "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, errors.New(notPEM)
	}
	if err != nil {
		return nil, errors.New("the private key cannot be read: the file is damaged; get it again from where it was made")
	}
	switch key := parsed.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return nil, fmt.Errorf(wrongKind, "an elliptic curve key")
	case ed25519.PrivateKey:
		return nil, fmt.Errorf(wrongKind, "an Ed25519 key")
	default:
		return nil, fmt.Errorf(wrongKind, "of another kind")
	}
}

// parseCertificates reads PEM, base64 DER or DER.
func parseCertificates(raw []byte) ([]*x509.Certificate, error) {
	der := raw
	if len(raw) == 0 || raw[0] != 0x30 { // a DER sequence may end in what looks like white space, so that nothing is trimmed
		raw = withNewlines(bytes.TrimSpace(raw))
		if bytes.Contains(raw, []byte("-----BEGIN")) {
			return certificatesOfPEM(raw)
		}
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(raw)), ""))
		if err != nil {
			return nil, errors.New("the certificate is not readable: it should be a PEM file, or the base64 text that is registered with the service")
		}
		der = decoded
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, errors.New("the certificate cannot be read: the file is damaged, or is something else")
	}
	return []*x509.Certificate{cert}, nil
}

func certificatesOfPEM(raw []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("the certificate cannot be read: the file is damaged; get it again from where it was made")
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errors.New("there is no certificate in the file: it should begin with -----BEGIN CERTIFICATE-----")
	}
	return certs, nil
}
