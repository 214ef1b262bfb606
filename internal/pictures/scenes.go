package main

// A scene is what happens in a terminal before its picture is taken.
type scene struct {
	name          string
	width, height int    // cells
	speed         string // of the simulated machine's time
	before        [][]string
	run           []string // what the terminal shows
	acts          []act
}

// An act types text, presses keys, and waits for something to appear.
type act struct {
	text  string
	keys  []string
	until string
}

func scenes() []scene {
	stalled := []act{
		{until: "link ready"},
		{text: ":", until: "enter sends"},
		{text: "migrate uri=tcp:backup:4444", keys: []string{"Enter"}, until: "sent: migrate"},
		{keys: []string{"Escape"}, until: "stalled"},
	}
	slow := [][]string{
		{"migrate-set-parameters", "max-bandwidth=24M"},
		{"block-stream", "device=drive1", "job-id=flatten", "speed=20M"},
	}
	return []scene{
		{
			name: "prompt", width: 100, height: 17, speed: "1", run: []string{},
			acts: []act{
				{until: "web01 running>"},
				{text: "query-status", keys: []string{"Enter"}, until: "singlestep"}, // answered when the schema is known
				{text: "blockdev-add driver=qcow2 node-name=n0 file.driver=file file.", until: "file."},
				{keys: []string{"Tab"}, until: "of 13"},
			},
		},
		{
			name: "events", width: 100, height: 24, speed: "1", run: []string{},
			acts: []act{
				{until: "web01 running>"},
				{text: "blockdev-add driver=qcow3 node-name=n0", keys: []string{"Enter"}, until: "nothing was sent"},
				{text: "stop", keys: []string{"Enter"}, until: "STOP"},
				{text: "query-block | .[] | {device, file: .inserted.file}", keys: []string{"Enter"}, until: "rescue.iso"},
				{text: "cont", keys: []string{"Enter"}, until: "RESUME"},
				{text: "query-block-jobs", keys: []string{"Enter"}, until: "RATE LIMIT"},
				{text: "block-job-set-speed device=drive0 spe", until: "device=drive0 spe"},
			},
			before: [][]string{{"blockdev-change-medium", "id=ide-cd0", "filename=/srv/iso/rescue.iso"}},
		},
		{name: "dashboard", width: 80, height: 24, speed: "20", run: []string{"dash"}, before: slow, acts: stalled},
		{name: "dashboard-wide", width: 160, height: 45, speed: "12", run: []string{"dash"}, before: slow, acts: stalled},
	}
}
