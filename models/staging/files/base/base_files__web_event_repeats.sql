-- One row is an event of a load that is there more than once, in this load or in others. What is here of a load stays:
-- an event whose other row is gone by now is ranked alone. A row without an event says that the load was looked
-- through.
{{ config(materialized='incremental', meta={'stamp': 'load_hash', 'stamps_of': 'base_files__web_event_loads'}) }}

with

files as (
    select * from {{ source('raw_files', 'web_events') }}
),

loads as (
    select * from {{ ref('base_files__web_event_loads') }}
),

events as (
    select
        loads.load_hash,
        files.source_system,
        files.event_id,
        files._load_id
    from files
    inner join loads
        on
            files.source_system = loads.source_system
            and files._file = loads._file
            and files._load_id = loads._load_id
),

missing_loads as (
    select load_hash
    from loads
    {% if carries_on() %}
    where load_hash in ({{ missing_stamps() }})
    {% endif %}
),

repeated as (
    select
        source_system,
        event_id
    from events
    {% if carries_on() %}
    where
        event_id in (
            select new_events.event_id
            from events as new_events
            where
                new_events._load_id in ({{ missing_stamps('_load_id') }})
                and new_events.load_hash in ({{ missing_stamps() }})
        )
    {% endif %}
    group by source_system, event_id
    having count(*) > 1
),

repeats as (
    select distinct
        events.load_hash,
        events.source_system,
        events.event_id
    from events
    inner join repeated
        on events.source_system = repeated.source_system and events.event_id = repeated.event_id
    {% if carries_on() -%}
    where events._load_id in ({{ missing_stamps('_load_id') }}) and events.load_hash in ({{ missing_stamps() }})
    {%- endif %}
    union all
    select
        load_hash,
        cast(null as string) as source_system,
        cast(null as string) as event_id
    from missing_loads
)

select * from repeats
