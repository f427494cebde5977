package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/state/config"
	"claimdeck/state/filing"
	"claimdeck/state/text"
)

// filing is the noun of surplus-lines transactions at InsCipher.
func (p *Program) filing() *cobra.Command {
	return noun("filing", "Check and file surplus-lines transactions at InsCipher",
		p.filingCheck(), p.filingSubmit(), p.filingStatus())
}

// aboutFiles says what PATH may be.
const aboutFiles = "PATH is a file, a folder with .json and .csv files, or - for stdin. JSON is the list of transactions of InsCipher's " +
	"document; the header of a CSV file has its field names. In a folder june.fixed.csv takes the place of june.csv."

// stdinName is what the rows of stdin have as their file.
const stdinName = "(stdin)"

// spooled is the file system of the machine, on which stdin is a file: rows are read more than once.
type spooled struct {
	filing.OS
	path string // where stdin was written; empty: it was not asked for
}

func (s spooled) real(name string) string {
	if name == stdinName && s.path != "" {
		return s.path
	}
	return name
}

// Open opens a file for reading.
func (s spooled) Open(name string) (fs.File, error) { return s.OS.Open(s.real(name)) }

// Stat describes a file.
func (s spooled) Stat(name string) (fs.FileInfo, error) { return s.OS.Stat(s.real(name)) }

// filings are the transactions that paths name; done forgets what was read of stdin.
func (p *Program) filings(paths []string) (files *filing.Files, done func(), err error) {
	disk, names := spooled{}, make([]string, 0, len(paths))
	done = func() {}
	for _, path := range paths {
		if path != "-" {
			names = append(names, path)
			continue
		}
		if disk.path == "" {
			if disk.path, err = spool(p.Stdin); err != nil {
				return nil, done, err
			}
			done = func() { _ = os.Remove(disk.path) } // only this person may read it
		}
		names = append(names, stdinName)
	}
	if files, err = filing.Find(disk, names...); err != nil {
		done()
		return nil, func() {}, &exit{exitUsage, err}
	}
	return files, done, nil
}

// spool writes what comes from r to a file that only this person may read.
func spool(r io.Reader) (path string, err error) {
	f, err := os.CreateTemp("", "claimdeck-*.filings")
	if err != nil {
		return "", fmt.Errorf("stdin cannot be kept while it is read: %w", err)
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("stdin cannot be read: %w", err), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// filingSession is the session of a person who files: an account of LossExpress is not needed.
func (p *Program) filingSession(ctx context.Context) (*session, config.Config, error) {
	cfg, err := config.Load(p.Env, config.Options{Profile: p.profile})
	if err != nil {
		return nil, cfg, &exit{exitUsage, err}
	}
	s, err := p.sessionOf(ctx, cfg, nil, time.Time{})
	return s, cfg, err
}

// filer is what files at InsCipher. Two of one process know each other as one.
func (s *session) filer(p *Program) *filing.Engine {
	o := filing.Options{
		Ledger: s.store.Filings(), Now: p.Now, Wait: p.wait, Instance: s.instance.ID(), Alive: s.instance.Alive, Log: s.log,
	}
	if s.systems.Filings != nil {
		o.Service = s.systems.Filings
	}
	return filing.NewEngine(o)
}

// signInAt looks for the secret of a system now, with questions if it takes any: later a progress bar has the line.
func (s *session) signInAt(ctx context.Context, system string) error {
	for _, c := range s.creds {
		if c.system != system {
			continue
		}
		if _, err := c.fetch(ctx); err != nil {
			return &exit{exitSignedOut, fmt.Errorf("%w; sign in: %s", err, loginOf(system))}
		}
	}
	return nil
}

// place is where a row stands, as compilers write it; empty for one that was typed.
func place(file string, at filing.Position) string {
	switch {
	case at.Line > 0:
		return fmt.Sprintf("%s:%d", file, at.Line)
	case at.Row > 0:
		return fmt.Sprintf("%s row %d", file, at.Row)
	default:
		return file
	}
}

// filed is a result in one line: where it stands, why, and what to do.
func filed(r filing.Result) string {
	words := []string{fmt.Sprintf("%-9s", r.Outcome)}
	for _, s := range []string{place(r.Row.File, r.Row.Position), r.ID(), r.PolicyNumber()} {
		if s != "" {
			words = append(words, text.Line(s))
		}
	}
	why := text.Line(r.Reason())
	if fix := r.Fix(); fix != "" {
		why = strings.TrimPrefix(strings.TrimSuffix(why, ".")+"; "+fix, "; ")
	}
	if why != "" {
		words = append(words, why)
	}
	for _, w := range r.Entry.Warnings {
		if r.Known && r.Outcome == filing.Outcome(filing.Accepted) {
			words = append(words, "warning: "+text.Line(strings.TrimPrefix(w.Field+": "+w.Text, ": ")))
		}
	}
	return strings.TrimRight(strings.Join(words, "  "), " ")
}

// countsOf says how many rows stand where, what needs a person first.
func countsOf(counts map[filing.Outcome]int) string {
	var words []string
	for _, o := range filing.Outcomes() {
		if n := counts[o]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, o))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// plural is a number of things.
func plural(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "ch"):
		one += "e"
	}
	return fmt.Sprintf("%d %ss", n, one)
}
