package systems

import (
	"claimdeck/api/claimcenter"
	"claimdeck/state/reserve"
)

func code(c claimcenter.Code) reserve.Code { return reserve.Code{Code: c.Code, Name: c.Name} }

func amount(a claimcenter.Amount) reserve.Amount {
	return reserve.Amount{Text: a.Text, Currency: a.Currency}
}

func setOf(s claimcenter.ReserveSet) reserve.Set {
	out := reserve.Set{
		ID: s.ID, Approval: code(s.ApprovalStatus), ApprovedAt: s.ApprovalDate, RequestedBy: s.RequestingUser.DisplayName,
	}
	for _, ref := range s.Reserves {
		out.Reserves = append(out.Reserves, ref.ID)
	}
	return out
}

func reserveOf(r claimcenter.Reserve) reserve.Reserve {
	out := reserve.Reserve{
		ID: r.ID, Status: code(r.Status), Coverage: code(r.Coverage), CostType: code(r.Line.CostType),
		CostCategory: code(r.Line.CostCategory), Currency: code(r.Line.ReservingCurrency),
	}
	if out.Currency == (reserve.Code{}) {
		out.Currency = code(r.Currency)
	}
	if e := r.Line.Exposure; e != nil {
		out.Exposure = &reserve.Exposure{ID: e.ID, Name: e.DisplayName}
	}
	for _, i := range r.LineItems {
		out.Items = append(out.Items, reserve.Item{
			ID: i.ID, Category: code(i.Category), Comments: i.Comments, Reserving: amount(i.ReservingAmount),
			Transaction: amount(i.TransactionAmount), Claim: amount(i.ClaimAmount), Reporting: amount(i.ReportingAmount),
		})
	}
	return out
}
