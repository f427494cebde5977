package lossexpress

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"claimdeck/sandbox/fault"

	"github.com/gabriel-vasile/mimetype"
)

func documentRules(Flavour) []rule {
	return []rule{
		{name: "document"},
		{name: "documentUrl", shape: isURL},
		{name: "description", required: true},
	}
}

// postDocument answers POST /claims/documents/{claimId} (remote document: Add Document to Claim). A documentUrl
// (remote document: Vendor API) is believed: the sandbox calls nobody for it.
func (s *Server) postDocument(r *request, c *claim) reply {
	if r.body["documentUrl"] == nil {
		if r.body["document"] == nil {
			return *invalid(r.b, *rule{name: "document"}.fault("is required", "any", "required"))
		}
		if w := checkFile("document", r.text("document")); w != nil {
			return *invalid(r.b, *w)
		}
	}
	description := plain(r.text("description"))
	d := s.addDocument(c, description, "API User", r.now)
	s.wrote(WroteDocument, c, description, r.now)
	return ok(object{"documentUrl": s.address(d)})
}

// checkFile tells what is wrong with a base64-encoded file: line breaks and a data URL's prefix are not.
func checkFile(name, text string) *wrong {
	if _, data, found := strings.Cut(text, ";base64,"); found && strings.HasPrefix(text, "data:") {
		text = data
	}
	content, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\n", "", "\r", "").Replace(text))
	if err != nil || len(content) == 0 {
		return rule{name: name}.fault("must be a valid base64 string", "string", "base64")
	}
	kind := mimetype.Detect(content)
	accepted := []string{"application/pdf", "image/jpeg", "image/tiff", "image/gif", "image/png"}
	if slices.ContainsFunc(accepted, kind.Is) {
		return nil
	}
	return rule{name: name}.fault("must be one of the following formats: pdf, jpeg, jpg, tiff, gif, png", "any", "invalid")
}

// getDocument answers GET /documents/{documentId}: whatever was uploaded, a PDF comes back (remote document: Vendor
// API, Fetch Document).
func (s *Server) getDocument(r *request) reply {
	d := s.papers[strings.ToLower(r.args[0])]
	if d == nil {
		return failure(http.StatusNotFound, "Document does not exist.")
	}
	p := reply{Reply: fault.Reply{Status: http.StatusOK, Body: s.page(d)}, plain: true}
	p.Set("Content-Type", "application/pdf")
	return p
}

// page is a PDF of one page about the document.
func (s *Server) page(d *document) []byte {
	lines := []string{strings.ToUpper(d.description), "", "Document " + d.id, "Received " + stamp(d.createdAt)}
	if c := s.claimIDs[d.claimID]; c != nil {
		lines = append(lines, "", "Claim "+c.number(), "Owner "+c.text("ownersName"), "VIN "+c.text("vin"),
			"Lender "+c.text("lenderName"))
	}
	return pdf(append(lines, "", "Made by the sandbox. Not a real document."))
}

// pdf writes a valid PDF 1.4 file of one letter-size page with the lines on it. Characters outside ASCII become "?".
func pdf(lines []string) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 14 Tf 72 720 Td 20 TL\n")
	for _, line := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", pdfText(line))
	}
	text.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, 0, len(objects))
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

func pdfText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s))
}
