package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/action/systems"
	"claimdeck/state/claim"
	"claimdeck/state/config"
	"claimdeck/state/money"
	"claimdeck/state/reserve"
	"claimdeck/state/store"
)

// reserve is the noun of the reserves at ClaimCenter. Nothing is ever changed there.
func (p *Program) reserve(acts *action.Registry) *cobra.Command {
	return noun("reserve", "Read the reserves of a claim from ClaimCenter",
		p.reserveList(), p.reserveShow(),
		p.verb(acts, "reserve.link", "claimdeck reserve link EX-1001 demo_sample:1"), p.reserveUnlink())
}

const aboutReserves = "The claim is looked for at ClaimCenter by its number, or by the id that reserve link gave it. Nothing is changed there."

func (p *Program) reserveList() *cobra.Command {
	var stored bool
	var on string
	cmd := &cobra.Command{
		Use: "list CLAIM", Short: "Print the reserves by exposure, cost type and category, and whether they cover the payoff",
		Long: "Prints the sums of the reserve transactions, held against settlement and payoff. Sums are within one currency; they\n" +
			"are not the available reserve, from which payments would be subtracted. " + aboutReserves,
		Example: "claimdeck reserve list EX-1001\nclaimdeck reserve list EX-1001 --on 2026-12-01 --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := p.day(on)
			if err != nil {
				return err
			}
			return p.withReserves(cmd.Context(), args[0], func(s *session, row store.ClaimRow) error {
				view, err := p.readReserves(cmd.Context(), s, row, stored)
				if err != nil {
					return err
				}
				c, err := s.actions.Load(cmd.Context(), row.ID)
				if err != nil {
					return err
				}
				return p.printReserves(view, c, day)
			})
		},
	}
	cmd.Flags().BoolVar(&stored, "stored", false, "print what was read last, without asking ClaimCenter")
	cmd.Flags().StringVar(&on, "on", "", "the day on which the payoff arrives, such as 2026-12-01 (default: today)")
	return cmd
}

func (p *Program) day(typed string) (time.Time, error) {
	if typed == "" {
		return p.Now().Local(), nil
	}
	day, err := time.ParseInLocation(time.DateOnly, typed, time.Local)
	if err != nil {
		return day, usage("--on %s is not a day, such as 2026-12-01", typed)
	}
	return day, nil
}

// withReserves runs what is about the reserves of one claim.
func (p *Program) withReserves(ctx context.Context, ref string, run func(s *session, row store.ClaimRow) error) error {
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return err
	}
	defer s.close()
	if s.systems.Reserves == nil {
		return p.unconfigured(s, config.ClaimCenter)
	}
	row, err := s.resolve(ctx, ref)
	if err != nil {
		return err
	}
	return run(s, row)
}

// unconfigured is the error of a system that cannot be used as the profile stands.
func (p *Program) unconfigured(s *session, system string) error {
	if err := s.systems.Problem(system); err != nil {
		return &exit{exitUsage, err}
	}
	return &exit{exitSignedOut, systems.NotConfigured(system, titleOf(system))}
}

func (p *Program) readReserves(ctx context.Context, s *session, row store.ClaimRow, stored bool) (systems.View, error) {
	if !stored {
		return s.systems.Reserves.Refresh(ctx, row.ID, row.Number)
	}
	view, err := s.systems.Reserves.Stored(ctx, row.ID)
	if err == nil && !view.Known() {
		err = fmt.Errorf("no reserves of %s are stored yet: claimdeck reserve list %s reads them", row.Number, row.Number)
	}
	return view, err
}

// reservesView is what reserve list prints with --json: exact amounts as texts.
type reservesView struct {
	ClaimID     string        `json:"claimId"`
	ClaimNumber string        `json:"claimNumber"`
	ClaimCenter string        `json:"claimCenterId"`
	LinkedBy    string        `json:"linkedBy"`
	At          time.Time     `json:"at"`
	On          string        `json:"on"`
	Findings    []findingView `json:"findings"`
	Lines       []lineView    `json:"lines"`
	Totals      []totalView   `json:"totals"`
	Sets        []reserve.Set `json:"sets"`
}

type findingView struct {
	Level string `json:"level"`
	Text  string `json:"text"`
}

type lineView struct {
	Exposure     string   `json:"exposure,omitempty"`
	CostType     string   `json:"costType"`
	CostCategory string   `json:"costCategory"`
	Currency     string   `json:"currency"`
	Sum          string   `json:"sumOfTransactions"`
	Waiting      string   `json:"waitsForApproval,omitempty"`
	Vehicle      bool     `json:"vehicle"`
	Reserves     []string `json:"reserves"`
}

type totalView struct {
	Currency string `json:"currency"`
	Sum      string `json:"sumOfTransactions"`
}

func viewReserves(v systems.View, c claim.Claim, day time.Time) reservesView {
	rule := reserve.DefaultRule()
	out := reservesView{
		ClaimID: c.ID, ClaimNumber: c.Number, ClaimCenter: v.Link.Ref, LinkedBy: v.Link.How, At: v.Book.At,
		On: day.Format(time.DateOnly), Findings: []findingView{}, Lines: []lineView{}, Totals: []totalView{}, Sets: v.Book.Sets,
	}
	if out.Sets == nil {
		out.Sets = []reserve.Set{}
	}
	for _, f := range reserve.Compare(v.Book, c, day, rule).Findings {
		out.Findings = append(out.Findings, findingView{f.Level.String(), f.Text})
	}
	lines := v.Book.Lines()
	for _, l := range lines {
		one := lineView{
			CostType: l.CostType.String(), CostCategory: l.CostCategory.String(), Currency: l.Currency,
			Sum: l.Sum.String(), Vehicle: rule.Vehicle(l), Reserves: l.Reserves,
		}
		if l.Exposure != nil {
			one.Exposure = l.Exposure.Name
		}
		if !l.Waiting.IsZero() {
			one.Waiting = l.Waiting.String()
		}
		out.Lines = append(out.Lines, one)
	}
	for _, t := range reserve.Totals(lines) {
		out.Totals = append(out.Totals, totalView{t.Currency, t.Sum.String()})
	}
	return out
}

func (p *Program) printReserves(v systems.View, c claim.Claim, day time.Time) error {
	view := viewReserves(v, c, day)
	if p.json {
		return p.printJSON(view)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s at ClaimCenter: %s, read %s\n\n", c.Number, v.Link.Ref, v.Book.At.Local().Format("2006-01-02 15:04"))
	for _, f := range view.Findings {
		mark := " "
		if f.Level == reserve.Warn.String() {
			mark = "!"
		}
		fmt.Fprintf(&b, "%s %s\n", mark, f.Text)
	}
	fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(reserve.SumLabel[:1])+reserve.SumLabel[1:])
	for _, l := range v.Book.Lines() {
		fmt.Fprintf(&b, "  %14s %-3s  %s\n", money.FormatExact(l.Sum), l.Currency, l)
		if !l.Waiting.IsZero() {
			fmt.Fprintf(&b, "  %14s      waits for approval\n", money.FormatExact(l.Waiting))
		}
	}
	if approvals := v.Book.Approvals(); len(approvals) > 0 {
		b.WriteString("\nReserve sets\n")
		for _, a := range approvals {
			fmt.Fprintf(&b, "  %-8s %s\n", a.SetID, a.Text(time.Local))
		}
	}
	return p.print(strings.TrimRight(b.String(), "\n"))
}

func (p *Program) reserveShow() *cobra.Command {
	return &cobra.Command{
		Use: "show CLAIM RESERVE-ID", Short: "Print one reserve with its line items, as ClaimCenter has it now",
		Long:    "Prints one reserve transaction. Its id is in the JSON of reserve list. " + aboutReserves,
		Example: "claimdeck reserve show EX-1001 cc:5003",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withReserves(cmd.Context(), args[0], func(s *session, row store.ClaimRow) error {
				one, err := s.systems.Reserves.Reserve(cmd.Context(), row.ID, row.Number, args[1])
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(one)
				}
				return p.print(reserveText(one))
			})
		},
	}
}

// reserveText is one reserve with its line items.
func reserveText(r reserve.Reserve) string {
	exposure := "whole claim"
	if r.Exposure != nil {
		exposure = r.Exposure.Name
	}
	var b strings.Builder
	for _, l := range [][2]string{
		{"reserve", r.ID},
		{"status", r.Status.String()},
		{"exposure", exposure},
		{"coverage", r.Coverage.String()},
		{"cost type", r.CostType.String()},
		{"category", r.CostCategory.String()},
	} {
		if l[1] != "" {
			fmt.Fprintf(&b, "%-10s %s\n", l[0], l[1])
		}
	}
	for _, i := range r.Items {
		fmt.Fprintf(&b, "  %12s %-3s  %s  %s\n", i.Reserving.Text, strings.ToUpper(i.Reserving.Currency), i.Category, i.Comments)
	}
	return strings.TrimRight(b.String(), "\n ")
}

func (p *Program) reserveUnlink() *cobra.Command {
	return &cobra.Command{
		Use: "unlink CLAIM", Short: "Forget which claim at ClaimCenter belongs to a claim, and what was read of it",
		Example: "claimdeck reserve unlink EX-1001",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withReserves(cmd.Context(), args[0], func(s *session, row store.ClaimRow) error {
				if err := s.systems.Reserves.Unlink(cmd.Context(), row.ID); err != nil {
					return err
				}
				if p.json {
					return p.printJSON(map[string]string{"claimId": row.ID})
				}
				return p.print(row.Number + " is no longer linked to a claim at ClaimCenter")
			})
		},
	}
}

// caseNoun is the noun of the cases at Scalepoint.
func (p *Program) caseNoun(acts *action.Registry) *cobra.Command {
	return noun("case", "Submit a case to Scalepoint",
		p.verb(acts, "case.submit", "claimdeck case submit EX-1001 --token d1a72df4-f7d5-402c-a495-cc31b8b39a59"))
}
