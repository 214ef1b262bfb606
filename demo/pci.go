package demo

import "slices"

// pciWindow is where the guest's firmware has put the memory of the first device.
const pciWindow = 0xfe000000

// queryPCI shows the buses: the root bus, and one below each root port.
func (m *Machine) queryPCI() any {
	return []object{{{"bus", 0}, {"devices", m.pciDevices("pcie.0", 0)}}}
}

func (m *Machine) pciDevices(bus string, number int) []object {
	list := []object{}
	secondary := 0
	for i, d := range m.devices {
		port := d.kind.name == "pcie-root-port"
		if port {
			secondary++
		}
		if d.bus == bus && d.kind.bus == "pci" {
			list = append(list, m.pciDevice(d, i, number, secondary))
		}
	}
	slices.SortStableFunc(list, func(a, b object) int { return pciOrder(a) - pciOrder(b) })
	return list
}

func pciOrder(o object) int {
	slot, _ := o.get("slot")
	function, _ := o.get("function")
	return slot.(int)*8 + function.(int)
}

func (m *Machine) pciDevice(d *device, index, number, secondary int) object {
	o := object{{"irq_pin", 1}, {"bus", number}}
	if d.kind.name == "pcie-root-port" {
		base := pciWindow - (secondary+1)<<21
		between := func(from, size int) object { return object{{"limit", from + size - 1}, {"base", from}} }
		o = append(o, member{"pci_bridge", object{
			{"bus", object{
				{"prefetchable_range", between(base-1<<28, 1<<21)}, {"memory_range", between(base, 1<<21)},
				{"secondary", secondary}, {"io_range", between(0xc000, 0x1000)}, {"number", number},
				{"subordinate", secondary},
			}},
			{"devices", m.pciDevices(d.id, secondary)},
		}})
	}
	class := object{{"class", d.kind.class}}
	class = class.and(className(d.kind.class) != "", "desc", className(d.kind.class))
	regions := []object{}
	if d.kind.class != 0x600 {
		regions = append(regions, object{
			{"prefetch", false}, {"mem_type_64", false}, {"bar", 1}, {"size", 4096}, {"address", pciWindow + index<<12},
			{"type", "memory"},
		})
	}
	return append(o, object{
		{"qdev_id", d.id}, {"irq", 10 + index%2}, {"slot", d.slot}, {"class_info", class},
		{"id", object{{"device", d.kind.device}, {"vendor", d.kind.vendor}}}, {"function", d.function}, {"regions", regions},
	}...)
}

// className is the PCI standard's name of a class.
func className(class int) string {
	switch class {
	case 0x0100, 0x0104:
		return "SCSI controller"
	case 0x0106:
		return "SATA controller"
	case 0x0108:
		return "NVMe controller"
	case 0x0200:
		return "Ethernet controller"
	case 0x0300:
		return "VGA controller"
	case 0x0380:
		return "Display controller"
	case 0x0403, 0x0401:
		return "Audio controller"
	case 0x0600:
		return "Host bridge"
	case 0x0601:
		return "ISA bridge"
	case 0x0604:
		return "PCI bridge"
	case 0x0780:
		return "Serial port"
	case 0x0c03:
		return "USB controller"
	case 0x0c05:
		return "SMBus"
	}
	return ""
}
