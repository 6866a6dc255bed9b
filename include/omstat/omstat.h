/* Everything. One header a subject; each is its own manual. */
#ifndef OMSTAT_OMSTAT_H
#define OMSTAT_OMSTAT_H

#include <omstat/agreement.h>
#include <omstat/adjust.h>
#include <omstat/analysis.h>
#include <omstat/ancova.h>
#include <omstat/between.h>
#include <omstat/catalogue.h>
#include <omstat/change.h>
#include <omstat/clinical.h>
#include <omstat/csv.h>
#include <omstat/describe.h>
#include <omstat/events.h>
#include <omstat/figures.h>
#include <omstat/findings.h>
#include <omstat/group_change.h>
#include <omstat/findings_report.h>
#include <omstat/instrument.h>
#include <omstat/joint.h>
#include <omstat/kernels.h>
#include <omstat/mixed.h>
#include <omstat/number.h>
#include <omstat/paired.h>
#include <omstat/proportion.h>
#include <omstat/regression_to_mean.h>
#include <omstat/rates.h>
#include <omstat/reliability.h>
#include <omstat/retest.h>
#include <omstat/report.h>
#include <omstat/results.h>
#include <omstat/schema.h>
#include <omstat/score.h>
#include <omstat/stat.h>
#include <omstat/status.h>
#include <omstat/study.h>
#include <omstat/table1.h>
#include <omstat/sudden_gains.h>
#include <omstat/survival.h>
#include <omstat/text.h>
#include <omstat/trajectory.h>
#include <omstat/validate.h>
#include <omstat/version.h>
#include <omstat/waves.h>

#endif
