package action_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"claimdeck/action"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// samples are the beginnings of files, enough to tell what they are.
func samples(t *testing.T) map[string]string {
	t.Helper()
	var word bytes.Buffer
	z := zip.NewWriter(&word)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "<x/>"); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"a.pdf":  pdf,
		"a.jpg":  "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
		"a.tif":  "II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		"a.gif":  "GIF89a\x01\x00\x01\x00\x00\x00\x00;",
		"a.png":  "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00",
		"a.heic": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
		"a.webp": "RIFF\x1a\x00\x00\x00WEBPVP8L",
		"a.docx": word.String(),
		"a.txt":  "Settlement: 5,553.00\n",
		"a.zip":  "PK\x03\x04\x14\x00\x00\x00\x00\x00aaaaaaaaaaaaaaaaaa",
		"a.bin":  "\x00\x01\x02\x03\xff\xfe",
		"a":      "",
	}
}

func TestDocumentKinds(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Now: time.Now})
	s := action.Subject{Claim: claim.Claim{ID: "c1", Number: "EX-1"}, Now: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	files := samples(t)
	for name, want := range map[string]string{
		"a.pdf": "", "a.jpg": "", "a.tif": "", "a.gif": "", "a.png": "",
		"a.heic": "a.heic is a HEIC photo: save it as JPEG or PDF first",
		"a.webp": "a.webp is a picture of another kind (webp): save it as JPEG or PDF first",
		"a.docx": "a.docx is a Word document: save it as PDF first",
		"a.txt":  "a.txt is text: print it to PDF first",
		"a.zip":  "a.zip is an archive: unpack it and send the document itself",
		"a.bin":  "a.bin is no PDF, JPEG, TIFF, GIF or PNG, which is what LossExpress takes: save it as PDF first",
		"a":      "a is empty",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The name says nothing: the content decides.
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(files[name]), 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := r.Prepare(t.Context(), mustGet(t, r, "counter.accept"), s, action.Values{"settlementBreakdown": {path}})
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Problems["settlementBreakdown"]; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestDocumentTroubles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	big := filepath.Join(dir, "big.pdf")
	if err := os.WriteFile(big, append([]byte(pdf), make([]byte, 900<<10)...), 0o600); err != nil {
		t.Fatal(err)
	}
	r := action.New(action.Deps{Now: time.Now})
	s := action.Subject{Claim: claim.Claim{ID: "c1"}, Now: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	prepare := func(v ...string) action.Prepared {
		t.Helper()
		p, err := r.Prepare(t.Context(), mustGet(t, r, "counter.accept"), s, action.Values{"settlementBreakdown": v})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for words, v := range map[string][]string{
		"New settlement breakdown: pick a document": {" "},
		"is a folder: pick a file in it":            {dir},
		"nowhere.pdf is not there":                  {filepath.Join(dir, "nowhere.pdf")},
		"give one value":                            {big, dir},
	} {
		if got := prepare(v...).Problems["settlementBreakdown"]; !strings.Contains(got, words) {
			t.Errorf("%q: got %q, want %q", v, got, words)
		}
	}
	p := prepare(big)
	if len(p.Problems) != 0 || !strings.Contains(strings.Join(p.Warnings, "\n"), "big.pdf has 900 KB: LossExpress may refuse") {
		t.Errorf("a large document: %v %v", p.Problems, p.Warnings)
	}
	if strings.Contains(string(p.Draft.Input), "PDF-1.4") || !strings.Contains(string(p.Draft.Input), big) {
		t.Errorf("journaled as %.200s", p.Draft.Input)
	}
}

// A disk that fails says so, and a huge file is not read.
func TestDocumentDisk(t *testing.T) {
	t.Parallel()
	disk := fstest.MapFS{"huge.pdf": {Data: make([]byte, 65<<20)}, "folder/a.pdf": {Data: []byte(pdf)}}
	r := action.New(action.Deps{Now: time.Now, Open: func(path string) (fs.File, error) {
		if filepath.Base(path) == "secret.pdf" {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
		}
		return disk.Open(filepath.Base(path))
	}})
	for name, words := range map[string]string{
		"huge.pdf":   "huge.pdf is larger than 64.0 MB: send a smaller scan",
		"secret.pdf": "secret.pdf may not be read by you: check its permissions",
		"folder":     "folder is a folder: pick a file in it",
	} {
		p, err := r.Prepare(t.Context(), mustGet(t, r, "counter.accept"), action.Subject{Claim: claim.Claim{ID: "c"}},
			action.Values{"settlementBreakdown": {"/" + name}})
		if got := p.Problems["settlementBreakdown"]; err != nil || !strings.Contains(got, words) {
			t.Errorf("%s: %q %v, want %q", name, got, err, words)
		}
	}
}

// The person saw the file as it was when it was picked: another content is not sent.
func TestDocumentChangedBeforeSending(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(path string) error{
		"has changed since it was picked": func(path string) error { return os.WriteFile(path, []byte(pdf+"%more"), 0o600) },
		"is not there":                    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			claimID := b.claim()
			b.counter(claimID)
			path := b.breakdown(pdf)
			d := b.prepare("counter.accept", claimID, action.Values{"settlementBreakdown": {path}})
			if err := spoil(path); err != nil {
				t.Fatal(err)
			}
			e := b.settle(d)
			if e.State != outbox.Rejected || !e.Problem.NotSent || !strings.Contains(e.Problem.Fields["settlementBreakdown"], name) {
				t.Errorf("%s %+v", e.State, e.Problem)
			}
			if n := b.effects("counter.accept", claimID); n != 0 {
				t.Error("it was sent")
			}
			v, err := action.DecodeInput(e.Input)
			if err != nil || len(v["settlementBreakdown"]) != 1 || v["settlementBreakdown"][0] != path {
				t.Errorf("the form would come back with %v, %v", v, err)
			}
		})
	}
}

func TestPreviewOfADocument(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.subject(b.claim())
	content := pdf + strings.Repeat("x", 187000)
	a := b.action("counter.accept")
	r, err := a.Preview(s, action.Values{"settlementBreakdown": {b.breakdown(content)}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Method != "POST" || r.Path != "/claims/"+s.Claim.ID+"/settlement-counter" {
		t.Errorf("%s %s", r.Method, r.Path)
	}
	if !strings.Contains(r.Body, `"dispute": false`) || !strings.Contains(r.Body, `"settlementBreakdown": "(183 KB, sha256 `) {
		t.Errorf("body %s", r.Body)
	}
	if strings.Contains(r.Body, base64.StdEncoding.EncodeToString([]byte(pdf))[:40]) {
		t.Error("the document itself is in the preview")
	}
	if _, err := a.Preview(s, nil); err == nil {
		t.Error("a preview without a document")
	}
	if _, err := a.Preview(s, action.Values{"settlementBreakdown": {"/nowhere"}}); err == nil || errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a preview of nothing: %v", err)
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "breakdown")
	if err := os.WriteFile(path, append([]byte(pdf), make([]byte, 2<<20)...), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := action.Inspect(path)
	if err != nil || !strings.HasPrefix(info, "application/pdf, 2.0 MB: breakdown has 2.0 MB") {
		t.Errorf("%q %v", info, err)
	}
	if _, err := action.Inspect(dir); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
}

// A path may begin at home, and is journaled as one that means the same wherever the program runs next.
func TestDocumentAtHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	path := filepath.Join(home, "a.pdf")
	if err := os.WriteFile(path, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	r := action.New(action.Deps{Now: time.Now})
	p, err := r.Prepare(t.Context(), mustGet(t, r, "counter.accept"), action.Subject{Claim: claim.Claim{ID: "c"}},
		action.Values{"settlementBreakdown": {filepath.Join("~", "a.pdf")}})
	if err != nil || len(p.Problems) > 0 {
		t.Fatalf("%v %v", p.Problems, err)
	}
	v, err := action.DecodeInput(p.Draft.Input)
	if err != nil || v["settlementBreakdown"][0] != path {
		t.Errorf("journaled as %v, %v", v, err)
	}
}
