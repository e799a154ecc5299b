"""Worked examples of English time in lines of relationship managers, read on Wednesday 5 August 2026 at 10:30.

Each line is a text and, after the arrow, the largest entities it holds: the kind, the text found, and its readings, or
the trouble of one that has none.
"""

from datetime import datetime

import pytest

from keybook.calendars import lunar_table
from keybook.core.reading.english import every_time, times

AT = datetime(2026, 8, 5, 10, 30)
TABLE = lunar_table()
EXAMPLES = """
CD at ICBC matures end of August, call next Wednesday afternoon => daterange [end of August] 2026-08-16/2026-09-01 2025-08-16/2025-09-01 ; datetimerange [next Wednesday afternoon] 2026-08-12T12:00:00/2026-08-12T16:00:00
promised by Friday => daterange [by Friday] ../2026-08-07 ../2026-07-31
rolls in three months => date [in three months] 2026-11-05
matures 03/04/2026 => date [03/04/2026] 2026-03-04 2026-04-03
matures 8/15 => date [8/15] 2026-08-15 2025-08-15
matures 15/8 => date [15/8] 2026-08-15 2025-08-15
pays on the 15th => date [the 15th] 2026-08-15 2026-07-15
mid-May review, Q3 plan => daterange [mid-May] 2027-05-10/2027-05-21 2026-05-10/2026-05-21 ; daterange [Q3] 2026-07-01/2026-10-01 2025-07-01/2025-10-01
first half of next year => daterange [first half of next year] 2027-01-01/2027-07-01
at month end => daterange [month end] 2026-08-16/2026-09-01
day after tomorrow at half past nine => datetime [day after tomorrow at half past nine] 2026-08-07T09:30:00 2026-08-07T21:30:00
the day before yesterday => date [the day before yesterday] 2026-08-03
31 Sept or 30 February => date [31 Sept] no_such_day ; date [30 February] no_such_day
2026-08-31 or 20260831 or 31.8.2026 => date [2026-08-31] 2026-08-31 ; date [20260831] 2026-08-31 ; date [31.8.2026] 2026-08-31
Aug 31st, 2026 => date [Aug 31st, 2026] 2026-08-31
Feb 28th '16 => date [Feb 28th '16] 2016-02-28
11/12,16 => date [11/12,16] 2016-11-12 2016-12-11
on 4.22 => date [4.22] 2027-04-22 2026-04-22
in 4-22 => date [4-22] 2027-04-22 2026-04-22
friday 7-6 => date [friday 7-6] 2027-07-06 2026-07-06 2027-06-07 2026-06-07 ; datetimerange [friday 7-6] 2026-08-07T07:00:00/2026-08-07T18:00:00 2026-08-07T19:00:00/2026-08-08T06:00:00 2026-07-31T07:00:00/2026-07-31T18:00:00 2026-07-31T19:00:00/2026-08-01T06:00:00
friday 2018-7-6 => date [friday 2018-7-6] 2018-07-06
2019-sep-1 => date [2019-sep-1] 2019-09-01
this friday (aug-7) => date [this friday (aug-7)] 2026-08-07 2025-08-07
this friday june twenty three => date [this friday] 2026-08-07 ; date [june twenty three] 2027-06-23 2026-06-23
this friday 8/7 => date [this friday 8/7] 2026-08-07 2025-08-07 2027-07-08 2026-07-08
the first friday of july => date [the first friday of july] 2027-07-02 2026-07-03
the last friday of july 2027 => date [the last friday of july 2027] 2027-07-30
second Monday of next month => date [second Monday of next month] 2026-09-14
second sunday => date [second sunday] 2026-08-09
fifth Sunday => date [fifth Sunday] 2026-08-30
sixth sunday => date [sunday] 2026-08-09 2026-08-02
31st of this month => date [31st of this month] 2026-08-31
the 20th of next month => date [the 20th of next month] 2026-09-20
Thursday the 20th => date [Thursday the 20th] 2026-08-20
Friday the 14th => date [Friday the 14th] 2026-08-14
Monday the 32nd => date [Monday the 32nd] no_such_day
Wednesday the 31st => date [Wednesday the 31st] 2027-03-31 2025-12-31
next week on friday => date [next week on friday] 2026-08-14
on friday next week => date [on friday next week] 2026-08-14
past monday, coming Friday, last Friday => date [past monday] 2026-08-03 ; date [coming Friday] 2026-08-07 ; date [last Friday] 2026-07-31
today, tomorrow, the next day and my day => date [today] 2026-08-05 ; date [tomorrow] 2026-08-06 ; date [the next day] 2026-08-06 ; date [my day] 2026-08-05
two weeks ago => date [two weeks ago] 2026-07-22
in two business days => date [in two business days] 2026-08-07
two days after tomorrow => date [two days after tomorrow] 2026-08-08
two weeks before Christmas => date [two weeks before Christmas] 2026-12-11 2025-12-11
a week on Tuesday, Tuesday week => date [a week on Tuesday] 2026-08-18 2026-08-11 ; date [Tuesday week] 2026-08-18 2026-08-11
two sundays from now => date [two sundays from now] 2026-08-16
two Sundays ago => date [two Sundays ago] 2026-07-26
last working day of the quarter => date [last working day of the quarter] 2026-09-30
first working day of next month => date [first working day of next month] 2026-09-01
first day of next month => date [first day of next month] 2026-09-01
the last day of February => date [the last day of February] 2027-02-28 2026-02-28
the last day of summer => date [the last day of summer] no_fixed_days
this September, next September, last March => daterange [this September] 2026-09-01/2026-10-01 ; daterange [next September] 2027-09-01/2027-10-01 2026-09-01/2026-10-01 ; daterange [last March] 2025-03-01/2025-04-01
June of nineteen ninety nine => daterange [June of nineteen ninety nine] 1999-06-01/1999-07-01
2016, nov => daterange [2016, nov] 2016-11-01/2016-12-01
2016/11 => daterange [2016/11] 2016-11-01/2016-12-01
the year 2008 => daterange [the year 2008] 2008-01-01/2009-01-01
year 0 =>
in the nineties => daterange [the nineties] 2090-01-01/2100-01-01 1990-01-01/2000-01-01
in the 1970's => daterange [the 1970's] 1970-01-01/1980-01-01
the '40s => daterange [the '40s] 2040-01-01/2050-01-01 1940-01-01/1950-01-01
the twenty-tens => daterange [the twenty-tens] 2010-01-01/2020-01-01
the 55s =>
the last two decades => daterange [the last two decades] 2000-01-01/2020-01-01
the next century => daterange [the next century] 2100-01-01/2200-01-01
15th century => daterange [15th century] 1400-01-01/1500-01-01
1st century =>
the first week of Oct => daterange [the first week of Oct] 2026-09-28/2026-10-05 2025-09-29/2025-10-06
the third week of this month => daterange [the third week of this month] 2026-08-17/2026-08-24
last week of 2015 => daterange [last week of 2015] 2015-12-28/2016-01-04
the third week next year => daterange [the third week next year] 2027-01-18/2027-01-25
week 10, week 99 => daterange [week 10] 2026-03-02/2026-03-09
the week of the 18th => daterange [the week of the 18th] 2026-08-17/2026-08-24 2026-07-13/2026-07-20
the third quarter this year => daterange [the third quarter this year] 2026-07-01/2026-10-01
2016 H2 => daterange [2016 H2] 2016-07-01/2017-01-01
the fifth quarter =>
last quarter => daterange [last quarter] 2026-04-01/2026-07-01
H1 =>
this summer => daterange [this summer] no_fixed_days
mid summer => daterange [mid summer] no_fixed_days
end of next week => daterange [end of next week] 2026-08-13/2026-08-17
early this decade => daterange [this decade] 2020-01-01/2030-01-01
beginning of 2000 => daterange [beginning of 2000] 2000-01-01/2000-05-01
start of next quarter => daterange [start of next quarter] 2026-10-01/2026-11-01
rest of the month => daterange [rest of the month] 2026-08-05/2026-08-31
rest of the week => daterange [rest of the week] 2026-08-05/2026-08-09
later this week => daterange [later this week] 2026-08-05/2026-08-10
earlier this year => daterange [earlier this year] 2026-01-01/2026-08-05
next 3 months => daterange [next 3 months] 2026-08-06/2026-11-06
past 2 weeks => daterange [past 2 weeks] 2026-07-22/2026-08-05
next 2 business days => daterange [next 2 business days] 2026-08-06/2026-08-08
next fortnight => daterange [next fortnight] 2026-08-06/2026-08-20
within 2 weeks from today => daterange [within 2 weeks from today] 2026-08-05/2026-08-19
within 2 weeks from tomorrow => date [2 weeks from tomorrow] 2026-08-20
next 3 hours or within 5 hours => datetimerange [next 3 hours] 2026-08-05T10:30:00/2026-08-05T13:30:00 ; datetimerange [within 5 hours] 2026-08-05T10:30:00/2026-08-05T15:30:00
next hour => datetimerange [next hour] 2026-08-05T10:30:00/2026-08-05T11:30:00
2 hours in the future => datetimerange [2 hours in the future] 2026-08-05T10:30:00/2026-08-05T12:30:00
year to date => daterange [year to date] 2026-01-01/2026-08-05
from 4 to 22 January, 1995 => daterange [from 4 to 22 January, 1995] 1995-01-04/1995-01-22
from 22 to 4 January => timerange [from 22 to 4] T22:00/T04:00 ; daterange [January] 2027-01-01/2027-02-01 2026-01-01/2026-02-01
from 4-23 in next month => daterange [from 4-23 in next month] 2026-09-04/2026-09-23
November 19 to 20 => daterange [November 19 to 20] 2026-11-19/2026-11-20 2025-11-19/2025-11-20
between September 4th through September 8th => daterange [between September 4th through September 8th] 2026-09-04/2026-09-08 2025-09-04/2025-09-08
between Jan 22 and now => daterange [between Jan 22 and now] 2026-01-22/2026-08-05
between now and November 15th => daterange [between now and November 15th] 2026-08-05/2026-11-15
from Feb 1st to March 2019 => daterange [from Feb 1st to March 2019] 2019-02-01/2019-03-01 2019-02-01/2019-04-01
between 2015 and Feb 2018 => daterange [between 2015 and Feb 2018] 2015-01-01/2018-02-01 2015-01-01/2018-03-01
2014-2018 => daterange [2014-2018] 2014-01-01/2018-01-01 2014-01-01/2019-01-01
between Week 31 and Week 35 => daterange [between Week 31 and Week 35] 2026-07-27/2026-08-24 2026-07-27/2026-08-31
from Friday to Wednesday => daterange [from Friday to Wednesday] 2026-07-31/2026-08-05
from Monday to Friday => daterange [from Monday to Friday] 2026-08-03/2026-08-07
from 10 May 2027 to 3 May 2027 => daterange [from 10 May 2027 to 3 May 2027] ends_before_it_begins
from 10/25 to 01/25 => daterange [from 10/25 to 01/25] 2026-10-25/2027-01-25 2025-10-25/2026-01-25
from 31 Feb to 3 March => daterange [from 31 Feb to 3 March] no_such_day
from 4 to January 22, 1995 => daterange [from 4 to January 22, 1995] 1995-01-04/1995-01-22
from 4 to Friday 4 September => date [Friday 4 September] 2026-09-04 2025-09-04
from 30 to 4 February => date [4 February] 2027-02-04 2026-02-04
last week from Wednesday to Friday => daterange [last week from Wednesday to Friday] 2026-07-29/2026-07-31
this week from Friday to Monday => daterange [this week from Friday to Monday] 2026-08-07/2026-08-10
for 1 week, from 20th dec => daterange [for 1 week, from 20th dec] 2026-12-20/2026-12-27 2025-12-20/2025-12-27
3 days starting from next Monday => daterange [3 days starting from next Monday] 2026-08-10/2026-08-13
3 hours starting from Monday => duration [3 hours] PT3H ; daterange [starting from Monday] 2026-08-10/.. 2026-08-03/..
more than 2 weeks before today => daterange [more than 2 weeks before today] ../2026-07-22
more than 2 weeks after today => daterange [more than 2 weeks after today] 2026-08-19/..
less than 2 weeks from today => daterange [less than 2 weeks from today] 2026-08-05/2026-08-19
less than 2 weeks before today => daterange [less than 2 weeks before today] 2026-07-22/2026-08-05
more than 2 hours from now => datetime [more than 2 hours from now] 2026-08-05T12:30:00
before 2018 => daterange [before 2018] ../2018-01-01
since Monday, after March, after 3pm => daterange [since Monday] 2026-08-10/.. 2026-08-03/.. ; daterange [after March] 2027-04-01/.. 2026-04-01/.. ; timerange [after 3pm] T15:00/..
no later than 15 May => daterange [no later than 15 May] ../2027-05-15 ../2026-05-15
by the end of August => daterange [by the end of August] ../2026-09-01 ../2025-09-01
on or after 5 May => daterange [on or after 5 May] 2027-05-05/.. 2026-05-05/..
5 May or later => daterange [5 May or later] 2027-05-05/.. 2026-05-05/..
until 4pm => timerange [until 4pm] ../T16:00
by 5pm tomorrow => datetimerange [by 5pm tomorrow] ../2026-08-06T17:00:00
by eod Friday => datetimerange [by eod Friday] ../2026-08-07T23:59:59 ../2026-07-31T23:59:59
half past seven, quarter to 6, ten past 9 => time [half past seven] T07:30 T19:30 ; time [quarter to 6] T05:45 T17:45 ; time [ten past 9] T09:10 T21:10
three quarters past 9pm => time [three quarters past 9pm] T21:45
five to seven => time [five to seven] T06:55 T18:55
25 past 30 =>
7ampm => time [7ampm] T07:00 T19:00
at 7, at 13:61 => time [7] T07:00 T19:00
at 9a => time [9a] T09:00
9p is fine => time [9p] T21:00
8 in the night => time [8 in the night] T20:00
12 in the night => time [12 in the night] T00:00
lunchtime 12 o'clock => time [lunchtime 12 o'clock] T12:00
lunchtime 11 o'clock => time [lunchtime 11 o'clock] T11:00
mid-morning, noon and midnight => time [mid-morning] T10:00 ; time [noon] T12:00 ; time [midnight] T00:00
340pm => time [340pm] T15:40
7:56:30 pm => time [7:56:30 pm] T19:56:30
at 8.30 => time [8.30] T08:30 T20:30
elevenish => time [elevenish] T11:00 T23:00
08:00 => time [08:00] T08:00
from 5 to 6 pm => timerange [from 5 to 6 pm] T17:00/T18:00
from 11 to 3pm => timerange [from 11 to 3pm] T11:00/T15:00
from 11 pm to 3 => timerange [from 11 pm to 3] T23:00/T03:00
4pm-5pm => timerange [4pm-5pm] T16:00/T17:00
from 12 to 4 => timerange [from 12 to 4] T00:00/T04:00 T12:00/T16:00
from 9 for 2.5 hrs => timerange [from 9 for 2.5 hrs] T09:00/T11:30 T21:00/T23:30
from 9 for 2 days => duration [2 days] P2D
in the late-afternoon, in the early night, in the night => timerange [in the late-afternoon] T14:00/T16:00 ; timerange [in the early night] T20:00/T22:00 ; timerange [in the night] T20:00/T23:59:59
in the business hours => timerange [in the business hours] T08:00/T18:00
tonight, last night => datetimerange [tonight] 2026-08-05T20:00:00/2026-08-05T23:59:59 ; datetimerange [last night] 2026-08-04T20:00:00/2026-08-04T23:59:59
tonight at 7 => datetime [tonight at 7] 2026-08-05T19:00:00
early this evening, this late afternoon => datetimerange [early this evening] 2026-08-05T16:00:00/2026-08-05T18:00:00 ; datetimerange [this late afternoon] 2026-08-05T14:00:00/2026-08-05T16:00:00
tomorrow morning at 9 => datetime [tomorrow morning at 9] 2026-08-06T09:00:00
this morning at 7pm => datetime [this morning at 7pm] 2026-08-05T19:00:00
tuesday AM => datetimerange [tuesday AM] 2026-08-11T08:00:00/2026-08-11T12:00:00 2026-08-04T08:00:00/2026-08-04T12:00:00
Friday PM => datetimerange [Friday PM] 2026-08-07T12:00:00/2026-08-07T16:00:00 2026-07-31T12:00:00/2026-07-31T16:00:00
Friday business hours => datetimerange [Friday business hours] 2026-08-07T08:00:00/2026-08-07T18:00:00 2026-07-31T08:00:00/2026-07-31T18:00:00
Friday afternoon between 1 and 4 => datetimerange [Friday afternoon between 1 and 4] 2026-08-07T13:00:00/2026-08-07T16:00:00 2026-07-31T13:00:00/2026-07-31T16:00:00
Friday afternoon between 9am and 11am => datetimerange [Friday afternoon between 9am and 11am] 2026-08-07T09:00:00/2026-08-07T11:00:00 2026-07-31T09:00:00/2026-07-31T11:00:00
8pm on 15 Aug => datetime [8pm on 15 Aug] 2026-08-15T20:00:00 2025-08-15T20:00:00
wed Oct 26 15:50:06 2016 => datetime [wed Oct 26 15:50:06 2016] 2016-10-26T15:50:06
wed Feb 30 15:50:06 2016 => datetime [wed Feb 30 15:50:06] no_such_day ; daterange [2016] 2016-01-01/2017-01-01
now => datetime [now] 2026-08-05T10:30:00
end of the day => datetime [end of the day] 2026-08-05T23:59:59
eod tomorrow => datetime [eod tomorrow] 2026-08-06T23:59:59
eod 30 February => datetime [eod 30 February] no_such_day
in 5 hours, 2 hours ago => datetime [in 5 hours] 2026-08-05T15:30:00 ; datetime [2 hours ago] 2026-08-05T08:30:00
8 to 9 tomorrow => datetimerange [8 to 9 tomorrow] 2026-08-06T08:00:00/2026-08-06T09:00:00 2026-08-06T20:00:00/2026-08-06T21:00:00
Monday 12-4 => date [Monday 12-4] 2026-12-04 2025-12-04 2027-04-12 2026-04-12 ; datetimerange [Monday 12-4] 2026-08-10T00:00:00/2026-08-10T04:00:00 2026-08-10T12:00:00/2026-08-10T16:00:00 2026-08-03T00:00:00/2026-08-03T04:00:00 2026-08-03T12:00:00/2026-08-03T16:00:00
from 4pm today to 5pm tomorrow => datetimerange [from 4pm today to 5pm tomorrow] 2026-08-05T16:00:00/2026-08-06T17:00:00
from 5pm tomorrow to 4pm today => datetimerange [from 5pm tomorrow to 4pm today] ends_before_it_begins
from 12-04-2019 6:00am until 8:00pm => datetimerange [from 12-04-2019 6:00am until 8:00pm] 2019-12-04T06:00:00/2019-12-04T20:00:00
14th Feb for 7 hours from 9:30am => datetimerange [14th Feb for 7 hours from 9:30am] 2027-02-14T09:30:00/2027-02-14T16:30:00 2026-02-14T09:30:00/2026-02-14T16:30:00
14th Feb for 20 hours from 9:30am => datetimerange [14th Feb for 20 hours from 9:30am] 2027-02-14T09:30:00/2027-02-15T05:30:00 2026-02-14T09:30:00/2026-02-15T05:30:00
30 Feb for 7 hours from 9:30am => datetimerange [30 Feb for 7 hours from 9:30am] no_such_day
a day starting this Friday at 5 pm => datetimerange [a day starting this Friday at 5 pm] 2026-08-07T17:00:00/2026-08-08T17:00:00
rest of the day => datetimerange [rest of the day] 2026-08-05T10:30:00/2026-08-05T23:59:59
1/1/2015 after 2:00 => datetimerange [1/1/2015 after 2:00] 2015-01-01T02:00:00/.. 2015-01-01T14:00:00/..
weekly, bi-weekly and every other week => set [weekly] R/P1W ; set [bi-weekly] R/P2W ; set [every other week] R/P2W
every three weeks => set [every three weeks] R/P3W
every Monday at 9 => set [every Monday at 9] R/P1W
every other Friday => set [every other Friday] R/P2W
every 2nd Friday => set [every 2nd Friday] R/P2W
9am on Mondays => set [9am on Mondays] R/P1W
9am daily => set [9am daily] R/P1D
every night at 9 => set [every night at 9] R/P1D
every morning at 9 => set [every morning at 9] R/P1D
mornings => timerange [mornings] T08:00/T12:00 ; set [mornings] R/P1D
every Christmas => set [every Christmas] R/P1Y
every year on 8 August => set [every year on 8 August] R/P1Y
every 15th of the month => set [every 15th of the month] R/P1M
two and a half years => duration [two and a half years] P2.5Y
an hour and a half => duration [an hour and a half] PT1.5H
half a month => duration [half a month] P0.5M
2 years 1 month 21 days => duration [2 years 1 month 21 days] P2Y1M21D
full week, another business day => duration [full week] P1W ; duration [another business day] P1BD
a couple of weeks => duration [a couple of weeks] P2W
few hours => duration [few hours] PT3H
two decades => duration [two decades] P20Y
nineteen oh five => daterange [nineteen oh five] 1905-01-01/1906-01-01
one hundred and twenty days => duration [one hundred and twenty days] P120D
two thousand and eighteen => daterange [two thousand and eighteen] 2018-01-01/2019-01-01
good friday 2027 => date [good friday 2027] 2027-03-26
Easter Monday => date [Easter Monday] 2027-03-29 2026-04-06
Chinese New Year, Mid-Autumn => date [Chinese New Year] 2027-02-06 2026-02-17 ; date [Mid-Autumn] 2026-09-25 2025-10-06
Chinese New Year's Eve of next year => date [Chinese New Year's Eve of next year] 2027-02-05
Chinese New Year 2500 => date [Chinese New Year] 2027-02-06 2026-02-17
qingming 2027 => date [qingming 2027] 2027-04-05
thanksgiving => date [thanksgiving] 2026-11-26 2025-11-27
black friday 2010 => date [black friday 2010] 2010-11-26
Labour Day => date [Labour Day] 2026-09-07 2025-09-01 2027-05-01 2026-05-01
Ramadan => date [Ramadan] 2027-02-07 2026-02-17
Eid al-Fitr 2026 => date [Eid al-Fitr 2026] 2026-03-19
Mother’s Day => date [Mother’s Day] 2027-05-09 2026-05-10
he sat down, I may come. May I come in May? => daterange [May] 2027-05-01/2027-06-01 2026-05-01/2026-06-01
USD 2016 and 2019 yuan, 5,000 and 4pTx =>
12345 and 1.6714 =>
9999 years later => date [9999 years later] 9990-01-05
last 9999 years => daterange [last 9999 years] 0010-01-05/2026-08-05
9999999.5 days later => date [9999999.5 days later] 9990-01-01
1 hundred thousand days =>
Jan 31 plus one month later => date [Jan 31] 2027-01-31 2026-01-31 ; date [one month later] 2026-09-05
5 May before lunch => date [5 May] 2027-05-05 2026-05-05 ; timerange [lunch] T11:00/T13:00
3 days after the 31st => date [3 days after the 31st] 2026-09-03 2026-08-03
raised by 3 percent, after 5 people =>
30 days => duration [30 days] P30D
2 weeks, 2 weeks => duration [2 weeks] P2W ; duration [2 weeks] P2W
first quarter of next year => daterange [first quarter of next year] 2027-01-01/2027-04-01
fourth quarter => daterange [fourth quarter] 2026-10-01/2027-01-01 2025-10-01/2026-01-01
in the year 2019 or later => daterange [the year 2019 or later] 2019-01-01/..
5 November at 16:30 or 17:00 => datetime [5 November at 16:30] 2026-11-05T16:30:00 2025-11-05T16:30:00 ; time [17:00] T17:00
more than 3 days ago => date [more than 3 days ago] 2026-08-02
in 2 weeks, in 4 hours => date [in 2 weeks] 2026-08-19 ; datetime [in 4 hours] 2026-08-05T14:30:00
at 5 on 30 February => datetime [5 on 30 February] no_such_day
9-2015 => daterange [9-2015] 2015-09-01/2015-10-01
on the second => date [the second] 2026-09-02 2026-08-02
for the 27! => date [the 27] 2026-08-27 2026-07-27
5th at 4 a.m. => datetime [5th at 4 a.m.] 2026-08-05T04:00:00 2026-07-05T04:00:00
from 10/8/2026 to 14/8/2026 => daterange [from 10/8/2026 to 14/8/2026] 2026-08-10/2026-08-14
between 5 and 6 in the afternoon => timerange [between 5 and 6 in the afternoon] T17:00/T18:00
1 year 1 year => duration [1 year] P1Y ; duration [1 year] P1Y
1st Monday of June => date [1st Monday of June] 2027-06-07 2026-06-01
Monday, 9 am => datetime [Monday, 9 am] 2026-08-10T09:00:00 2026-08-03T09:00:00
ten past 8:75 =>
in five business days => date [in five business days] 2026-08-12
sixth sunday of july => date [sunday] 2026-08-09 2026-08-02 ; daterange [july] 2027-07-01/2027-08-01 2026-07-01/2026-08-01
fifth friday of february 2027 => date [fifth friday of february 2027] no_such_day
the same week, that year => daterange [same week] 2026-08-03/2026-08-10 ; daterange [that year] 2026-01-01/2027-01-01
before 4pm tomorrow => datetimerange [before 4pm tomorrow] ../2026-08-06T16:00:00
Monday 12 August 2026 => date [Monday 12 August 2026] 2026-08-12
Monday 31/8/2026 or Tuesday 31/8/2026 => date [Monday 31/8/2026] 2026-08-31 ; date [Tuesday 31/8/2026] 2026-08-31
Wed 12 Aug => date [Wed 12 Aug] 2026-08-12 2025-08-12
from June to July => daterange [from June to July] 2027-06-01/2027-07-01 2026-06-01/2026-07-01 2027-06-01/2027-08-01 2026-06-01/2026-08-01
between Monday and Friday next week => daterange [between Monday and Friday next week] 2026-08-10/2026-08-14
from next Monday until Friday => daterange [from next Monday until Friday] 2026-08-10/2026-08-14
from Friday to next Monday => daterange [from Friday to next Monday] 2026-08-07/2026-08-10
not before 1 Oct => daterange [not before 1 Oct] 2026-10-01/.. 2025-10-01/..
not later than 1 Oct => daterange [not later than 1 Oct] ../2026-10-01 ../2025-10-01
not after 1 Oct, no earlier than 1 Oct => daterange [not after 1 Oct] ../2026-10-01 ../2025-10-01 ; daterange [no earlier than 1 Oct] 2026-10-01/.. 2025-10-01/..
Monday first thing => date [Monday] 2026-08-10 2026-08-03
close of business Friday => datetime [close of business Friday] 2026-08-07T18:00:00 2026-07-31T18:00:00
CD maturing Sep-26 => date [Sep-26] 2026-09-26 2025-09-26 ; daterange [Sep-26] 2026-09-01/2026-10-01
Oct-14 => date [Oct-14] 2026-10-14 2025-10-14
Aug '26 => daterange [Aug '26] 2026-08-01/2026-09-01
in 2-3 weeks => daterange [in 2-3 weeks] 2026-08-19/2026-08-26
in two to three hours => duration [three hours] PT3H
in 3-2 weeks => duration [2 weeks] P2W
the second half of August, first half of August => daterange [the second half of August] 2026-08-16/2026-09-01 2025-08-16/2025-09-01 ; daterange [first half of August] 2026-08-01/2026-08-16 2025-08-01/2025-08-16
third half of August => daterange [August] 2026-08-01/2026-09-01 2025-08-01/2025-09-01
second half of this week => daterange [this week] 2026-08-03/2026-08-10
the day after Christmas => date [the day after Christmas] 2026-12-26 2025-12-26
"""


def said(entity):
    readings = " ".join(reading.value for reading in entity.readings)
    return f"{entity.kind} [{entity.text}] {readings or entity.trouble}"


@pytest.mark.parametrize("example", EXAMPLES.strip().splitlines())
def test_a_line_says_what_the_table_says(example):
    text, _, expected = example.partition(" =>")
    assert " ; ".join(said(entity) for entity in times(text=text, at=AT, table=TABLE)) == expected.strip()


def test_what_lies_inside_a_larger_entity_is_shown_where_everything_is_asked_for():
    found = {(entity.kind, entity.text) for entity in every_time(text="by 4pm tomorrow", at=AT, table=None)}
    assert found == {
        ("datetimerange", "by 4pm tomorrow"), ("datetime", "4pm tomorrow"), ("time", "4pm"),
        ("date", "tomorrow"),
    }  # fmt: skip


def test_a_lunar_holiday_without_the_calendar_has_no_reading():
    (entity,) = times(text="Chinese New Year of 2027", at=AT, table=None)
    assert (entity.text, entity.readings, entity.trouble) == ("Chinese New Year of 2027", (), "no_calendar")


def test_a_lunar_holiday_beyond_the_calendar_has_no_reading():
    (entity,) = times(text="Chinese New Year", at=AT.replace(year=2400), table=TABLE)
    assert (entity.readings, entity.trouble) == ((), "no_calendar")
