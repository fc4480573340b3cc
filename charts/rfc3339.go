package charts

import "time"

// ParseRFC3339 reads a date and time as RFC 3339 writes it: with an offset, nothing left out, nothing beyond its range (no
// second 60), at most nine decimals of a second. time.Parse takes more, such as hours of one digit, a comma for the point
// and offsets of a day. The time is in UTC.
func ParseRFC3339[Text string | []byte](s Text) (t time.Time, ok bool) {
	const date, clock, offset = len("2006-01-02"), len("2006-01-02T15:04:05"), len("+01:00")
	if len(s) <= clock || s[4] != '-' || s[7] != '-' || s[date] != 'T' {
		return t, false
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:date])
	hour, minute, ok := hourAndMinute(s[date+1 : clock-3])
	second := digits(s[clock-2 : clock])
	if !ok || s[clock-3] != ':' || second < 0 || second > 59 || year < 0 || month < 1 || month > 12 || day < 1 || day > 31 {
		return t, false
	}
	rest := s[clock:]
	nanosecond := 0
	if rest[0] == '.' {
		decimals := 1
		for unit := 100_000_000; decimals < len(rest) && isDigit(rest[decimals]); unit /= 10 {
			nanosecond += unit * int(rest[decimals]-'0')
			decimals++
		}
		if decimals == 1 || decimals > len(".123456789") {
			return t, false
		}
		rest = rest[decimals:]
	}
	aheadHour, aheadMinute := 0, 0
	switch {
	case len(rest) == 1 && rest[0] == 'Z':
	case len(rest) == offset && (rest[0] == '+' || rest[0] == '-'):
		if aheadHour, aheadMinute, ok = hourAndMinute(rest[1:]); !ok {
			return t, false
		}
		if rest[0] == '-' {
			aheadHour, aheadMinute = -aheadHour, -aheadMinute
		}
	default:
		return t, false
	}
	if day > 28 && day > time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return t, false
	}
	return time.Date(year, time.Month(month), day, hour-aheadHour, minute-aheadMinute, second, nanosecond, time.UTC), true
}

// hourAndMinute reads such as 23:59.
func hourAndMinute[Text string | []byte](s Text) (hour, minute int, ok bool) {
	hour, minute = digits(s[:2]), digits(s[3:])
	return hour, minute, s[2] == ':' && 0 <= hour && hour < 24 && 0 <= minute && minute < 60
}

// digits is the number that is written so, or -1 where there is anything but digits.
func digits[Text string | []byte](s Text) int {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}
