package lossexpress

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/gabriel-vasile/mimetype"
)

func TestDocuments(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{})
	encoded := func(content string) string { return base64.StdEncoding.EncodeToString([]byte(content)) }
	files := []string{
		encoded(string(pdf([]string{"x"}))), encoded("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), encoded("II*\x00\x08\x00\x00\x00"),
		encoded("GIF89a\x01\x00\x01\x00"), pngFile, "data:image/png;base64," + pngFile, pngFile[:40] + "\\r\\n" + pngFile[40:],
	}
	for i, file := range files {
		var got struct{ DocumentURL string }
		b.good("POST", "/claims/documents/"+id, `{"document":"`+file+`","description":"Police (Report) 100% \\ é"}`).into(t, &got)
		docID := got.DocumentURL[strings.LastIndex(got.DocumentURL, "/")+1:]
		if got.DocumentURL != publicURL+"/documents/"+docID {
			t.Fatalf("file %d: URL %q", i, got.DocumentURL)
		}
		a := b.good("GET", "/documents/"+docID, "")
		if a.header.Get("Content-Type") != "application/pdf" || !mimetype.Detect([]byte(a.body)).Is("application/pdf") ||
			!strings.Contains(a.body, `(POLICE \(REPORT\) 100% \\ ?)`) {
			t.Errorf("file %d: document: %v\n%s", i, a.header, a.body)
		}
		checkXref(t, []byte(a.body))
	}
	data := b.last(id, "document-added").Data
	if data["sentBy"] != "API User" || data["sentByLossExpress"] != false || data["type"] != `Police (Report) 100% \ é` {
		t.Errorf("document-added: %v", data)
	}
	if n := b.count(id, "document-added"); n != len(files) {
		t.Errorf("%d document-added, want %d", n, len(files))
	}
	b.good("POST", "/claims/documents/"+id, `{"documentUrl":"https://example.com/a.pdf","description":"cause of loss"}`)
	if docs := b.good("GET", "/claims/"+id, "").object(t)["claim"].(map[string]any)["documents"].([]any); len(docs) != len(files)+1 {
		t.Errorf("%d documents on the claim", len(docs))
	}
}

// checkXref checks that every entry of the table points at its object.
func checkXref(t *testing.T, file []byte) {
	t.Helper()
	_, tail, _ := bytes.Cut(file, []byte("startxref\n"))
	start, err := strconv.Atoi(string(bytes.TrimSuffix(tail, []byte("\n%%EOF\n"))))
	if err != nil || !bytes.HasPrefix(file[start:], []byte("xref\n0 6\n")) {
		t.Fatalf("startxref: %v %q", err, tail)
	}
	lines := strings.Split(string(file[start:]), "\n")[3:8]
	for i, line := range lines {
		offset, _ := strconv.Atoi(strings.Fields(line)[0])
		if !bytes.HasPrefix(file[offset:], fmt.Appendf(nil, "%d 0 obj\n", i+1)) {
			t.Errorf("object %d is not at %d", i+1, offset)
		}
	}
}

// TestDocumentThatFulfils: an upload of one of the ten kinds is not announced; it ends the order that waits for it.
func TestDocumentThatFulfils(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id := b.AddClaim(ClaimSeed{})
	b.good("POST", "/claims/"+id+"/orders", `{"types":["Copy of Title"]}`)
	for range 2 {
		b.good("POST", "/claims/documents/"+id, `{"document":"`+pngFile+`","description":"copy of title"}`)
	}
	if b.count(id, "document-added") != 0 || b.count(id, "order-fulfilled") != 1 || b.count(id, "order-status-changed") != 1 {
		t.Errorf("activities: %v", b.types(id))
	}
	if data := b.last(id, "order-fulfilled").Data; data["orderType"] != "Copy of Title" || data["documentUrl"] == nil {
		t.Errorf("order-fulfilled: %v", data)
	}
}

func TestDevHost(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{DevHost: true})
	id := b.AddClaim(ClaimSeed{})
	if err := b.Trigger(id, "letter-of-guarantee-added"); err != nil {
		t.Fatal(err)
	}
	data := b.last(id, "order-status-changed").Data
	updated := data["updatedOrder"].(map[string]any)["documentUrl"].(string)
	listed := data["orders"].([]any)[0].(map[string]any)["documentUrl"].(string)
	if !strings.HasPrefix(updated, devURL+"/") || !strings.HasPrefix(listed, publicURL+"/") ||
		updated[strings.LastIndex(updated, "/"):] != listed[strings.LastIndex(listed, "/"):] {
		t.Errorf("updated %s, listed %s", updated, listed)
	}
}
