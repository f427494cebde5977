package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gabriel-vasile/mimetype"
	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/api/lossexpress"
	"claimdeck/state/claim"
	"claimdeck/state/config"
	"claimdeck/state/text"
)

// document is the noun of a claim's documents.
func (p *Program) document(acts *action.Registry) *cobra.Command {
	return noun("document", "Add, list, fetch and open documents of a claim",
		p.verb(acts, "document.add", "claimdeck document add EX-1001 report.pdf --description \"valuation report\""),
		p.documentList(), p.documentGet(), p.documentOpen())
}

func (p *Program) documentList() *cobra.Command {
	return &cobra.Command{
		Use: "list CLAIM", Short: "Print the documents of a claim, oldest first", Long: "Prints the documents of a claim.\n\n" + aboutClaim,
		Example: "claimdeck document list EX-1001", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onDocuments(cmd.Context(), args[0], func(_ *session, c claim.Claim) error {
				if p.json {
					return p.printJSON(documentViews(c))
				}
				for _, d := range c.Documents {
					if err := p.print(documentLine(d)); err != nil {
						return err
					}
				}
				if missing := c.MissingDocuments(); len(missing) > 0 {
					p.narrate("a payoff still needs: %s", strings.Join(missing, ", "))
				}
				return nil
			})
		},
	}
}

// onDocuments does something with the documents of a claim as they are at the service now.
func (p *Program) onDocuments(ctx context.Context, ref string, do func(s *session, c claim.Claim) error) error {
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	row, err := s.resolve(ctx, ref)
	if err != nil {
		return err
	}
	on, err := s.subject(ctx, p, row)
	if err != nil {
		return err
	}
	return do(s, on.Claim)
}

func documentLine(d claim.Document) string {
	from := d.By
	if d.ByLossExpress {
		from = "LossExpress"
	}
	return strings.TrimRight(fmt.Sprintf("%-36s  %s  %-40s  %s", d.ID, d.At.Local().Format(time.DateOnly), d.Type, from), " ")
}

type listedDocument struct {
	DocumentID    string    `json:"documentId"`
	Type          string    `json:"type"`
	CreatedAt     time.Time `json:"createdAt"`
	ByLossExpress bool      `json:"sentByLossExpress"`
	SentBy        string    `json:"sentBy,omitempty"`
	SentToLender  bool      `json:"sentToLender"`
	DocumentURL   string    `json:"documentUrl"`
	ClaimID       string    `json:"claimId"`
}

func documentViews(c claim.Claim) []listedDocument {
	views := make([]listedDocument, 0, len(c.Documents))
	for _, d := range c.Documents {
		views = append(views, listedDocument{
			DocumentID: d.ID, Type: d.Type, CreatedAt: d.At.UTC(), ByLossExpress: d.ByLossExpress, SentBy: d.By,
			SentToLender: d.SentToLender, DocumentURL: d.URL, ClaimID: c.ID,
		})
	}
	return views
}

func (p *Program) documentGet() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "get CLAIM DOCUMENT-ID", Short: "Fetch a document of a claim into a file",
		Long:    "Fetches a document and prints the path of its file. An existing file is never replaced.\n\n" + aboutDocument + "\n\n" + aboutClaim,
		Example: "claimdeck document get EX-1001 " + exampleDocument,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onDocuments(cmd.Context(), args[0], func(s *session, c claim.Claim) error {
				d, err := documentOf(c, args[1])
				if err != nil {
					return err
				}
				return p.fetchDocument(cmd.Context(), s, c, d, out)
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file or folder to write to, - for stdout (default: this folder)")
	return cmd
}

// documentOpen puts a document where the console puts it, and shows it with the desktop's own program.
func (p *Program) documentOpen() *cobra.Command {
	return &cobra.Command{
		Use: "open CLAIM DOCUMENT-ID", Short: "Fetch a document of a claim and open it with the desktop's own program",
		Long: "Fetches a document into the folder for downloads, prints the path of its file, and opens it as the desktop opens\n" +
			"such files. Without a desktop, as over SSH, it is fetched all the same, and the exit code is 1.\n\n" + aboutDocument + "\n\n" + aboutClaim,
		Example: "claimdeck document open EX-1001 " + exampleDocument,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return p.onDocuments(ctx, args[0], func(s *session, c claim.Claim) error {
				d, err := documentOf(c, args[1])
				if err != nil {
					return err
				}
				return p.openDocument(ctx, s, c, d)
			})
		},
	}
}

func (p *Program) openDocument(ctx context.Context, s *session, c claim.Claim, d claim.Document) error {
	paths, err := config.FindPaths(p.Env)
	if err != nil {
		return err
	}
	path, err := s.download(paths.Downloads)(ctx, d.ID, c.Number+" "+d.Type)
	if err != nil {
		return err
	}
	show := p.opener()
	err = errNoDesktop
	if show != nil {
		err = show(ctx, path)
	}
	if p.json {
		return errors.Join(p.printJSON(map[string]any{"documentId": d.ID, "path": path, "opened": err == nil}), err)
	}
	return errors.Join(p.print(path), err)
}

// errNoDesktop is why a document that was fetched is not shown.
var errNoDesktop = errors.New("the document was fetched, but there is no desktop here to open it on")

// What the help says about documents.
const (
	aboutDocument = "DOCUMENT-ID is an id, its beginning, or a document's address, as claimdeck document list prints them; the document " +
		"always comes from the configured service."
	exampleDocument = `"$(claimdeck document list EX-1001 | head -n 1 | cut -d ' ' -f 1)"`
)

// documentOf finds a document of a claim by its id, the beginning of it, or its address.
func documentOf(c claim.Claim, ref string) (claim.Document, error) {
	id := lossexpress.DocumentID(ref)
	var found []claim.Document
	for _, d := range c.Documents {
		if d.ID == id {
			return d, nil
		}
		if id != "" && strings.HasPrefix(d.ID, id) {
			found = append(found, d)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return claim.Document{}, fmt.Errorf("claim %s has no document %s; claimdeck document list %s shows what it has", c.Number, ref, c.Number)
	}
	return claim.Document{}, usage("%d documents of claim %s begin with %s: give more of the id", len(found), c.Number, ref)
}

// fetchDocument writes a document to where out says.
func (p *Program) fetchDocument(ctx context.Context, s *session, c claim.Claim, d claim.Document, out string) error {
	f, err := s.account.Client().Document(ctx, d.ID)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // what was read is checked
	if out == "-" {
		_, err := io.Copy(p.Stdout, f)
		return err
	}
	content, err := io.ReadAll(f) // bounded by the client
	if err != nil {
		return err
	}
	path := out
	if info, err := os.Stat(out); out == "" || (err == nil && info.IsDir()) {
		path = filepath.Join(out, safeName(c.Number+" "+d.Type)+extensionOf(content, f.ContentType))
	}
	if err := writeNew(path, content); err != nil {
		return err
	}
	if p.json {
		return p.printJSON(map[string]any{"documentId": d.ID, "path": path, "size": len(content), "contentType": f.ContentType})
	}
	return p.print(path)
}

// extensionOf is the ending of a file by its content, or by what the service says of it.
func extensionOf(content []byte, contentType string) string {
	if kind := mimetype.Detect(content); !kind.Is("application/octet-stream") && !kind.Is("text/plain") {
		return kind.Extension()
	}
	if kind := mimetype.Lookup(contentType); kind != nil {
		return kind.Extension()
	}
	return ".bin"
}

// maxName is how long a file name of ours may be, in characters, without its ending.
const maxName = 80

// safeName makes a file name of remote text: letters, digits and a few signs, never a path, never hidden, never a device
// of Windows.
func safeName(s string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune("-_.", r):
			return r
		}
		return ' '
	}, text.Line(s))
	name = strings.Trim(strings.Join(strings.Fields(name), "-"), "-. ")
	if r := []rune(name); len(r) > maxName {
		name = strings.TrimRight(string(r[:maxName]), "-.")
	}
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	device := slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem) ||
		(len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")))
	if name == "" || device {
		return strings.TrimSuffix("document-"+name, "-")
	}
	return name
}

// writeNew writes a file that is not there yet, and takes it away again when that fails.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the person named it
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and was not replaced: name another file with --out", path)
	}
	if err != nil {
		return fmt.Errorf("the document cannot be written: %w", err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("the document was not written: %w", err), os.Remove(path))
	}
	return nil
}
