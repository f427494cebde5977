package lossexpress

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"claimdeck/api"
	"claimdeck/state/text"
)

// uploadTimeout is for a call that carries a file over a slow line.
const uploadTimeout = 5 * time.Minute

// Upload is a document to add: either its content or a URL from which the service can download it (the URL is in the
// vendor document only).
type Upload struct {
	Content     []byte // pdf, jpeg, tiff, gif or png
	DocumentURL string
	Description string // "settlement breakdown", "valuation report" ...: decides what the document counts as
}

// Added is the answer to AddDocument.
type Added struct {
	DocumentURL string
	DocumentID  string // its last path segment
	api.Meta
}

// AddDocument adds a document to a claim: POST /claims/documents/{claimId} with {document: base64, description}. It
// answers {documentUrl}. 400 for a format that is not accepted, 413 for a size that is not documented (remote document:
// Add Document to Claim).
func (c *Client) AddDocument(ctx context.Context, claimID string, u Upload) (Added, error) {
	var a answer
	m, err := c.api.Do(ctx, AddDocumentRequest(claimID, u), &a)
	if err != nil {
		return Added{}, err
	}
	at := take(a.object, "documentUrl", asString)
	return Added{DocumentURL: at, DocumentID: DocumentID(at), Meta: m}, nil
}

// AddDocumentRequest is what AddDocument sends.
func AddDocumentRequest(claimID string, u Upload) api.Request {
	r := forClaim("add document", http.MethodPost, claimID, "claims", "documents", claimID)
	r.Timeout = uploadTimeout
	r.Body = struct {
		Document    []byte `json:"document,omitempty"`
		DocumentURL string `json:"documentUrl,omitempty"`
		Description string `json:"description"`
	}{u.Content, u.DocumentURL, u.Description}
	r = invalid(r, len(u.Content) == 0 && u.DocumentURL == "", "the document is empty")
	r = invalid(r, len(u.Content) > 0 && u.DocumentURL != "", "a document is either a file or a URL, not both")
	return invalid(r, u.Description == "", "the description is missing: it says what the document is")
}

// File is a document as it arrives. Close it.
type File struct {
	*api.Stream
	ID          string
	ContentType string // as the service says; PDF whatever was uploaded
	Name        string // without folders and safe to print; empty when the service gave none
}

// Document fetches a document: GET /documents/{documentId}. It takes an id or a document URL, of which only the last path
// segment counts: documents are always fetched from the configured address, so that the token goes nowhere else. 401,
// 403, 404 (remote document: Fetch Document, in the vendor document only).
func (c *Client) Document(ctx context.Context, idOrURL string) (*File, error) {
	id := DocumentID(idOrURL)
	s, err := c.api.Open(ctx, documentRequest(id), c.maxDocument)
	if err != nil {
		return nil, err
	}
	f := &File{Stream: s, ID: id}
	// A header that cannot be read only costs the name.
	f.ContentType, _, _ = mime.ParseMediaType(s.Header.Get("Content-Type"))
	f.ContentType = text.Line(f.ContentType)
	if _, params, err := mime.ParseMediaType(s.Header.Get("Content-Disposition")); err == nil {
		f.Name = fileName(params["filename"])
	}
	return f, nil
}

// DocumentRequest is what Document sends.
func DocumentRequest(idOrURL string) api.Request { return documentRequest(DocumentID(idOrURL)) }

func documentRequest(id string) api.Request {
	r := api.Request{
		Op: "fetch document", Method: http.MethodGet, Path: []string{"documents", id}, Accept: "application/pdf, */*",
	}
	return invalid(r, id == "", "the document id is missing")
}

// DocumentID returns the id in a document URL: its last path segment. An id is returned as it is.
func DocumentID(idOrURL string) string {
	u, err := url.Parse(strings.TrimSpace(idOrURL))
	if err != nil {
		return ""
	}
	switch id := path.Base(u.Path); id {
	case ".", "/", "..":
		return ""
	default:
		return id
	}
}

// fileName takes the folders off a name that a server made up.
func fileName(s string) string {
	s = text.Line(s)
	s = s[strings.LastIndexAny(s, `/\:`)+1:]
	return strings.TrimLeft(s, ". ")
}
