"""stub"""
def write_history(plan, people, stories, folder):
    return {}
