-- What models make of web events they keep by batch: `batch_hash` is another one where an event of it is, or where the
-- run's clock hides some.
with

unioned as (
    select * from {{ ref('stg_files__web_event_batches') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

visible as (
    select
        unioned.source_system,
        unioned.load_id,
        unioned.batch_id,
        {{
            row_hash([
                'unioned.batch_id',
                'case when unioned.last_occurred_at > run_settings.as_of then run_settings.as_of end',
            ])
        }} as batch_hash
    from unioned
    cross join run_settings
)

select * from visible
