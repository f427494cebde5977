package store

// rememberedClaims is how many claims' records the writer keeps: the ones that are being worked on come again and
// again.
const rememberedClaims = 4096

// claimCache holds records of claims as they are stored. It belongs to the holder of the writing connection.
type claimCache struct {
	version int64 // of the database, as other processes change it
	records map[string]claimRecord
}

// refresh forgets everything if another process committed. It is called inside a writing transaction: from then on
// no other can.
func (k *claimCache) refresh(c *conn) error {
	version, _, err := c.prepare("PRAGMA data_version").one()
	if err != nil || version == k.version {
		return err
	}
	k.forget()
	k.version = version
	return nil
}

func (k *claimCache) forget() { clear(k.records) }

// get returns the record of a claim, from the database if need be; a claim that is not known is made known.
func (k *claimCache) get(c *conn, claimID string) (*claimRecord, error) {
	if rec, ok := k.records[claimID]; ok {
		return &rec, nil
	}
	return loadClaim(c, claimID)
}

// put writes what changed of a record, and keeps it.
func (k *claimCache) put(c *conn, claimID string, rec *claimRecord) error {
	if err := rec.write(c); err != nil {
		return err
	}
	if len(k.records) >= rememberedClaims {
		k.forget()
	}
	clean := *rec
	clean.grown, clean.changed = false, false
	k.records[claimID] = clean
	return nil
}
