package tui

import (
	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

func (p *migrationPane) actions(f facts) []action {
	m := f.snapshot.Migration
	if !f.has("migrate") {
		return nil
	}
	limits := []action{
		act("bandwidth", true, limitForm(f, limitBandwidth), "b"),
		act("downtime", true, limitForm(f, limitDowntime), "d"),
	}
	if !m.Active() {
		return append([]action{act("start", true, migrateForm(), "s")}, limits...)
	}
	if m.Incoming {
		return nil
	}
	actions := append([]action{act("cancel", true, cancelMigration(f, m), "x")}, limits...)
	if m.Verdict.Postcopy == machine.RemedyReady && f.has("migrate-start-postcopy") {
		actions = append(actions, act("postcopy", true, startPostcopy(f), "o"))
	}
	if m.Status == "pre-switchover" && f.has("migrate-continue") {
		actions = append(actions, act("continue", true, continueMigration(f), "c"))
	}
	return actions
}

func cancelMigration(f facts, m machine.Migration) request {
	return request{
		command:  "migrate_cancel",
		question: "Cancel the migration of " + f.name() + "?",
		because: "The guest keeps running here; " +
			render.Bytes(float64(m.RAM.Transferred+m.Disk.Transferred)) + " were sent for nothing.",
		yes: "cancel it",
	}
}

func startPostcopy(f facts) request {
	return request{
		command:  "migrate-start-postcopy",
		question: "Switch the migration of " + f.name() + " to postcopy?",
		because: "The guest moves now and fetches its memory from here as it needs it. " +
			"If the network between the hosts fails before all has come, the guest is lost.",
		yes: "switch",
	}
}

func continueMigration(f facts) request {
	return request{
		command: "migrate-continue", arguments: arguments("state", "pre-switchover"),
		question: "Let " + f.name() + " move now?", because: "The guest stops here and goes on over there.", yes: "continue",
	}
}
