/* Everything. One header a subject; each is its own manual. */
#ifndef OMSTAT_OMSTAT_H
#define OMSTAT_OMSTAT_H

#include <omstat/analysis.h>
#include <omstat/change.h>
#include <omstat/clinical.h>
#include <omstat/csv.h>
#include <omstat/describe.h>
#include <omstat/findings.h>
#include <omstat/group_change.h>
#include <omstat/instrument.h>
#include <omstat/kernels.h>
#include <omstat/number.h>
#include <omstat/paired.h>
#include <omstat/proportion.h>
#include <omstat/reliability.h>
#include <omstat/retest.h>
#include <omstat/report.h>
#include <omstat/results.h>
#include <omstat/score.h>
#include <omstat/stat.h>
#include <omstat/status.h>
#include <omstat/study.h>
#include <omstat/text.h>
#include <omstat/version.h>

#endif
