package cli

import (
	"bytes"
	"io"
	"os"
	"strings"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"
)

// exampleWidth is how wide an example may be for a terminal of 80 columns to show all of it.
const exampleWidth = 72

// fit makes the help of a command fit the terminal: paragraphs are wrapped where it ends and not where the source does,
// and an example that is too long goes on in the next line, as a shell reads it.
func fit(cmd *cobra.Command) {
	paragraphs := strings.Split(cmd.Long, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.ReplaceAll(p, "\n", " ")
	}
	cmd.Long = strings.Join(paragraphs, "\n\n")
	examples := strings.Split(cmd.Example, "\n")
	for i, line := range examples {
		examples[i] = folded(line, exampleWidth)
	}
	cmd.Example = strings.Join(examples, "\n")
}

// folded breaks a command line between its words where it is wider than width.
func folded(line string, width int) string {
	const goesOn, indent = ` \`, 2 // the help indents what goes on
	var b strings.Builder
	used := 0
	for i, word := range words(line) {
		switch {
		case i == 0:
		case used+1+len(word)+len(goesOn) > width:
			b.WriteString(goesOn + "\n")
			used = indent
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += len(word)
	}
	return b.String()
}

// words are the words of a command line. What stands in quotes stays together, and so do a flag and its value.
func words(line string) []string {
	var all []string
	quoted := false
	for field := range strings.FieldsSeq(line) {
		last := len(all) - 1
		if quoted || (last > 0 && strings.HasPrefix(all[last], "--") && !strings.Contains(all[last], " ") && !strings.HasPrefix(field, "-")) {
			all[last] += " " + field
		} else {
			all = append(all, field)
		}
		if strings.Count(field, `"`)%2 == 1 {
			quoted = !quoted
		}
	}
	return all
}

// unpadded writes lines without the blanks at their ends: the help pads its examples, and a backslash with a blank behind
// it does not go on when it is pasted.
type unpadded struct{ io.Writer }

func (u unpadded) Write(p []byte) (int, error) {
	lines := bytes.Split(p, []byte("\n"))
	for i := range lines[:len(lines)-1] { // the last one goes on
		lines[i] = bytes.TrimRight(lines[i], " ")
	}
	if _, err := u.Writer.Write(bytes.Join(lines, []byte("\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// file is what is known for a terminal, if it is one.
type file interface {
	io.ReadWriteCloser
	Fd() uintptr
}

// unpaddedFile is an unpadded file.
type unpaddedFile struct{ file }

func (u unpaddedFile) Write(p []byte) (int, error) { return unpadded{u.file}.Write(p) }

// unpad is where the help goes.
func unpad(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		return unpaddedFile{f}
	}
	return unpadded{w}
}

// helpColours are those of the terminal itself, readable whatever its background is.
func helpColours(c lipgloss.LightDarkFunc) fang.ColorScheme {
	s := fang.AnsiColorScheme(c)
	none := lipgloss.NoColor{}
	s.Base, s.Description, s.Argument, s.Help, s.Dash, s.Comment = none, none, none, none, none, none
	return s
}
