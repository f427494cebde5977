package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	plainVIN  = "plain" // creates a claim with a VIN that causes nothing
	vinLength = 17
	// quietVIN is the VIN of a plain claim: the documents' own sample of a payoff without any test action.
	quietVIN = "1M8GDM9AXKP042788"
)

// template is a believable claim with a number of its own. Owner, lender and numbers are invented.
func template(r *Run, what string) map[string]any {
	vin := what
	if e, ok := FindVIN(what); ok {
		vin = e.VIN
	} else if what == plainVIN {
		vin = quietVIN
	}
	fields := map[string]any{
		"accountNumber": "7700412289", "causeOfLoss": "Multi-Vehicle Collision",
		"claimNumber": fmt.Sprintf("SCN-%s-%d", r.vars[varRun], r.claims+1),
		"dateOfLoss":  r.began.UTC().AddDate(0, 0, -4).Format("2006-01-02"), "deductible": 400, "financeType": "Retail",
		"insurerType": "First Party", "lenderName": "Ally Financial", "odometer": 45210, "ownersName": "Dana Whitfield",
		"ownersPhoneNumber": "+13332225555", "ownersRetained": false, "ownersStreetAddress": "12200 Test Avenue Dallas TX 75204",
		"settlementAmount": 15553, "titleRemittanceAddress": "400 Salvage Road Dallas TX 75212", "vin": vin,
	}
	if r.s.o.Vendor {
		fields["carrierId"] = "3f8d1c52-0c1e-4a57-9b0e-6f2f5c9f7a10"
	}
	return fields
}

// ClaimFields are the names of the fields that a claim is created with.
func ClaimFields() []string { return fieldsOf(claimType) }

// FieldValue is a text as the value of a field of a claim: a number or a flag where the field is one.
func FieldValue(name, value string) any {
	switch name {
	case "deductible", "settlementAmount", "odometer":
		return json.Number(value)
	case "ownersRetained":
		return value == "true" || value == "yes"
	}
	return value
}

// paper is the path of a generated PDF, for fields that take a document from disk.
func (r *Run) paper() (string, error) {
	if r.dir == "" {
		dir, err := os.MkdirTemp("", "claimdeck-scenario-")
		if err != nil {
			return "", fmt.Errorf("a document cannot be made: %w", err)
		}
		r.dir = dir
	}
	path := filepath.Join(r.dir, "document.pdf")
	if err := os.WriteFile(path, pdf("SETTLEMENT BREAKDOWN", r.vars[varNumber]), 0o600); err != nil {
		return "", fmt.Errorf("a document cannot be made: %w", err)
	}
	return path, nil
}

// pdf is a PDF of one page that says what it is.
func pdf(lines ...string) []byte {
	var page strings.Builder
	page.WriteString("BT /F1 14 Tf 72 720 Td 20 TL\n")
	for _, line := range append(lines, "Made by a scenario of claimdeck. Not a real document.") {
		fmt.Fprintf(&page, "(%s) Tj T*\n", pdfText(line))
	}
	page.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// pdfText is a text as a PDF string holds it.
func pdfText(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || strings.ContainsRune(`()\`, c) {
			return ' '
		}
		return c
	}, s)
}
