// Command mykpi is the MyKPI server and the tools of whoever runs it.
//
// It wires everything by hand and may import anything; flags and environment are read in config*.go alone.
package main
