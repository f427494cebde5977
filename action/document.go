package action

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"claimdeck/state/text"
)

// Document is a file on disk as the journal keeps it: what was picked, not what is in it.
type Document struct {
	Path   string `json:"path"` // absolute
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"` // bytes
	Type   string `json:"type"` // by its content, such as "application/pdf"
}

const (
	// largeDocument is the size above which a person is warned: the service does not document its limit, and a body of
	// 1 MiB, the usual default, holds about 750 KB of a file.
	largeDocument = 700 << 10
	// maxDocument bounds what is read into memory.
	maxDocument = 64 << 20
)

// acceptedTypes are the formats that LossExpress takes (remote document: Add Document to Claim).
var acceptedTypes = [...]string{"application/pdf", "image/jpeg", "image/tiff", "image/gif", "image/png"}

// documentError is what is wrong with a document, in words for its field.
type documentError struct {
	words string
	err   error // the cause; may be nil
}

func (e *documentError) Error() string { return e.words }
func (e *documentError) Unwrap() error { return e.err }

// disk reads documents.
type disk struct {
	open func(path string) (fs.File, error)
}

// openDisk opens a regular file. It looks before it opens: opening a pipe would wait for its other end.
func openDisk(path string) (fs.File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = notAFile(path, info)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path) //nolint:gosec // the person picked this file to be sent
}

func notAFile(path string, info fs.FileInfo) error {
	name := nameOf(path)
	if info.IsDir() {
		return &documentError{words: name + " is a folder: pick a file in it"}
	}
	return &documentError{words: name + " is not a file that can be sent"}
}

// inspect says which document path is, and warns when it may be too large. Errors are for the person who picked it.
func (d disk) inspect(path string) (doc Document, warning string, err error) {
	abs, err := absolute(path)
	if err != nil {
		return Document{}, "", &documentError{words: fmt.Sprintf("%s cannot be found: %v", nameOf(path), err), err: err}
	}
	content, err := d.read(abs)
	if err != nil {
		return Document{}, "", err
	}
	kind := mimetype.Detect(content)
	accepted := ""
	for _, t := range acceptedTypes {
		if kind.Is(t) {
			accepted = t
		}
	}
	if accepted == "" {
		return Document{}, "", &documentError{words: nameOf(abs) + " " + notAccepted(kind)}
	}
	doc = Document{Path: abs, SHA256: digest(content), Size: int64(len(content)), Type: accepted}
	if doc.Size > largeDocument {
		warning = fmt.Sprintf("%s has %s: LossExpress may refuse what is much larger than %s; a scan in grey at 200 dpi is smaller",
			nameOf(abs), sizeWords(doc.Size), sizeWords(largeDocument))
	}
	return doc, warning, nil
}

// again reads a document that was picked before. What changed since, or is gone, is not sent: the person saw and
// meant the file as it was.
func (d disk) again(doc Document) ([]byte, error) {
	content, err := d.read(doc.Path)
	if err != nil {
		return nil, err
	}
	if digest(content) != doc.SHA256 {
		return nil, &documentError{words: nameOf(doc.Path) + " has changed since it was picked: look at it and pick it again"}
	}
	return content, nil
}

// read returns the content of a file at path, which is not empty.
func (d disk) read(path string) ([]byte, error) {
	name := nameOf(path)
	f, err := d.open(path)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(name, err)
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, notAFile(path, info)
	case info.Size() > maxDocument:
		return nil, tooLarge(name)
	}
	content, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
	switch {
	case err != nil:
		return nil, unreadable(name, err)
	case len(content) == 0:
		return nil, &documentError{words: name + " is empty"}
	case len(content) > maxDocument: // it grew meanwhile
		return nil, tooLarge(name)
	}
	return content, nil
}

func tooLarge(name string) error {
	return &documentError{words: fmt.Sprintf("%s is larger than %s: send a smaller scan", name, sizeWords(maxDocument))}
}

func unreadable(name string, err error) error {
	if _, ok := errors.AsType[*documentError](err); ok {
		return err
	}
	words := fmt.Sprintf("%s cannot be read: %v", name, err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		words = name + " is not there: it was moved, renamed or deleted"
	case errors.Is(err, fs.ErrPermission):
		words = name + " may not be read by you: check its permissions"
	}
	return &documentError{words: words, err: err}
}

// notAccepted says what a file is and what to do about it.
func notAccepted(kind *mimetype.MIME) string {
	const photo, paper = "save it as JPEG or PDF first", "save it as PDF first"
	for _, t := range [...]struct{ prefix, words string }{
		{"image/heic", "is a HEIC photo: " + photo},
		{"image/heif", "is a HEIF photo: " + photo},
		{"image/", "is a picture of another kind (" + strings.TrimPrefix(kind.Extension(), ".") + "): " + photo},
		{"application/msword", "is a Word document: " + paper},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml", "is a Word document: " + paper},
		{"application/vnd.ms-excel", "is a spreadsheet: " + paper},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml", "is a spreadsheet: " + paper},
		{"application/vnd.oasis.opendocument", "is an office document: " + paper},
		{"application/zip", "is an archive: unpack it and send the document itself"},
		{"text/", "is text: print it to PDF first"},
	} {
		if strings.HasPrefix(kind.String(), t.prefix) {
			return t.words
		}
	}
	return "is no PDF, JPEG, TIFF, GIF or PNG, which is what LossExpress takes: " + paper
}

// absolute returns a path that means the same file wherever the program runs next.
func absolute(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~"+string(filepath.Separator)); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		path = filepath.Join(home, rest)
	}
	return filepath.Abs(path)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// nameOf is the name of a file for people; names on disk may hold anything.
func nameOf(path string) string { return text.Line(filepath.Base(path)) }

// short is a document in a preview: "(183 KB, sha256 ab12cd34…)".
func (d Document) short() string {
	return fmt.Sprintf("(%s, sha256 %.8s…)", sizeWords(d.Size), d.SHA256)
}

func sizeWords(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", (bytes+512)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
