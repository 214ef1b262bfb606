//go:build !race

package scenes

const raceDetector = false
