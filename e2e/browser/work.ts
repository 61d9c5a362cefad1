import type { World } from './world.js'

/** Approved work on a cost centre of its own, as the field software would have written it; answers the ids. */
export async function approvedWork(
  { rows }: World,
  costCentre: string,
  { day, hours = 2 }: { day: string; hours?: number },
): Promise<{ costCentreId: unknown; timesheetId: unknown }> {
  const [project] = await rows.of('projects?code=eq.PROJECT001&select=id')
  const [activity] = await rows.of(
    'activity_types?managed_by_xero=is.true&missing_in_xero_at=is.null&select=id&limit=1',
  )
  const [centre] = await rows.add('cost_centers', { project_id: project?.id, name: costCentre })
  const [sheet] = await rows.add('timesheets', {
    cost_center_id: centre?.id,
    activity_type_id: activity?.id,
    worker_name: 'Mere Tamihana',
    work_date: day,
    hours,
    rate: '95.00',
    status: 'approved',
    approved_by: 'Hemi Walker',
    approved_at: new Date().toISOString(),
  })
  return { costCentreId: centre?.id, timesheetId: sheet?.id }
}
